package io.quorate.transport;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.quorate.spi.Transport.TransportException;
import io.quorate.testkit.contract.RecordingListener;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Addresses as people write them. */
class HostPortTest {
  @Test
  void namesAndNumbersAreRead() {
    assertEquals(new HostPort("db1.example.org", 7001), HostPort.parse("db1.example.org:7001"));
    assertEquals(new HostPort("10.0.0.1", 0), HostPort.parse("10.0.0.1:0"));
    assertEquals(new HostPort("::1", 65_535), HostPort.parse("[::1]:65535"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "db1", "db1:", ":7001", "db1:x", "db1:65536", "db1:-1", "::1:7001", " :7001"})
  void whatIsNoAddressIsNamedBeforeAnythingIsOpened(String text) {
    TransportException refused =
        assertThrows(
            TransportException.class,
            () -> NettyTransport.create().open(text, new RecordingListener(1)));
    assertEquals(
        "cannot listen: the address \""
            + text
            + "\" is not host:port; write it like db1.example.org:7001 or [::1]:7001",
        refused.getMessage());
  }
}
