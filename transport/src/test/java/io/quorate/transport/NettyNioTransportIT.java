package io.quorate.transport;

import io.quorate.spi.Transport;
import io.quorate.testkit.contract.TransportContract;

/** The same over NIO, which is what there is without the optional artifact. */
class NettyNioTransportIT extends TransportContract {
  @Override
  protected Transport transport() {
    return NettyTransport.create().nio();
  }
}
