package io.quorate.transport;

import io.quorate.spi.Transport;
import io.quorate.testkit.contract.TransportContract;

/** The in-memory transport keeps the contract. */
class InMemoryTransportTest extends TransportContract {
  private final InMemoryTransport.Hub hub = InMemoryTransport.hub();

  @Override
  protected Transport transport() {
    return hub.transport();
  }
}
