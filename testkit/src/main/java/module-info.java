/** What tests of replicas, state machines and plugged-in parts stand on. */
module io.quorate.testkit {
  requires transitive io.quorate.core;
  requires io.quorate.storage;
  requires org.junit.jupiter.api;
  requires static transitive org.jspecify;

  exports io.quorate.testkit;
}
