package io.quorate.testkit.contract;

import io.quorate.spi.Transport;
import io.quorate.testkit.contract.RecordingListener.Connected;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;

/** The hosts of one test of a transport, which end with it. */
abstract class TransportHosts {
  static final long LIMIT_SECONDS = 10;

  private final List<TransportHost> hosts = new ArrayList<>();

  /** A transport; all of one test reach each other. */
  protected abstract Transport transport();

  /** An address that leaves the port to the transport. */
  protected String anyAddress() {
    return "localhost:0";
  }

  /** What others dial to reach a link that was opened at {@link #anyAddress}. */
  protected String addressOf(Transport.Link link) {
    return "localhost:" + link.port();
  }

  @AfterEach
  final void closeAll() {
    hosts.forEach(host -> host.link().close());
  }

  final TransportHost listening(int member) {
    return open(member, anyAddress());
  }

  final TransportHost open(int member, @Nullable String address) {
    RecordingListener heard = new RecordingListener(member);
    TransportHost host = new TransportHost(heard, transport().open(address, heard));
    hosts.add(host);
    return host;
  }

  final void connect(TransportHost from, int member, TransportHost to) {
    from.link().connect(member, addressOf(to.link()));
    from.heard().await(Connected.class);
  }
}
