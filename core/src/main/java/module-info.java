/**
 * The consensus library's front door ({@code io.quorate}), what can be plugged into it ({@code
 * io.quorate.spi}) and the one runtime that both engines share.
 *
 * <p>Start at {@link io.quorate.StateMachine} and {@link io.quorate.Replica}.
 */
module io.quorate.core {
  requires org.slf4j;
  requires static transitive org.jspecify;

  // API
  exports io.quorate;
  // SPI
  exports io.quorate.spi;
  // The simulator steps the production runtime; nobody else may see it.
  exports io.quorate.runtime to
      io.quorate.testkit;
}
