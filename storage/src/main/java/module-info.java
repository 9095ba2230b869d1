/**
 * Where a host keeps its groups' logs: {@link io.quorate.storage.FileLog} on disk, {@link
 * io.quorate.storage.MemoryLog} in memory.
 */
module io.quorate.storage {
  requires transitive io.quorate.core;
  requires jdk.unsupported; // ExtendedOpenOption.DIRECT
  requires static org.jspecify;

  // API
  exports io.quorate.storage;
  // The simulator puts a simulated disk under the production log; nobody else may see it.
  exports io.quorate.storage.disk to
      io.quorate.testkit;
}
