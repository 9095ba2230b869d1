package io.quorate.transport;

import io.quorate.spi.Transport;
import io.quorate.testkit.contract.TransportContract;

/** The transport over TCP keeps the contract, over the best that this machine has. */
class NettyTransportIT extends TransportContract {
  @Override
  protected Transport transport() {
    return NettyTransport.create();
  }
}
