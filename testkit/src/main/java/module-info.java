/**
 * What proves a log, a transport or a state machine: contracts to extend, and a simulated disk that
 * forgets what was not synced.
 */
module io.quorate.testkit {
  requires transitive io.quorate.core;
  requires transitive org.junit.jupiter.api;
  requires io.quorate.storage;
  requires static transitive org.jspecify;

  // API
  exports io.quorate.testkit;
  exports io.quorate.testkit.history;
}
