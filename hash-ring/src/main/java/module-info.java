/**
 * Which node owns a key. Start at {@link io.quorate.ring.Ring}; what else maps keys to nodes is a
 * {@link io.quorate.ring.Mapping} too.
 */
module io.quorate.ring {
  requires com.dynatrace.hash4j;
  requires static transitive org.jspecify;

  // API
  exports io.quorate.ring;
}
