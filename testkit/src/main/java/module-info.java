/**
 * What proves a log, a transport or a state machine: a simulator of network, disk and clock that
 * one seed decides, the invariants that it checks, and contracts to extend.
 */
module io.quorate.testkit {
  requires transitive io.quorate.core;
  requires transitive org.junit.jupiter.api;
  requires java.management;
  requires io.quorate.storage;
  requires static transitive org.jspecify;

  // API
  exports io.quorate.testkit;
  exports io.quorate.testkit.contract;
  exports io.quorate.testkit.disk;
  exports io.quorate.testkit.engine;
  exports io.quorate.testkit.history;

  // JUnit runs the inherited tests.
  opens io.quorate.testkit to
      org.junit.platform.commons;
}
