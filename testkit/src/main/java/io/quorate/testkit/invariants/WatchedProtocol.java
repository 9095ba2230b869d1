package io.quorate.testkit.invariants;

import io.quorate.spi.Engine;
import io.quorate.spi.Payload;
import io.quorate.spi.Protocol;
import io.quorate.spi.Stamp;
import io.quorate.testkit.Witness;
import io.quorate.testkit.world.Trace;
import java.nio.ByteBuffer;
import java.util.List;

/** The protocol as it is, with a look at every effect of its engines. */
public final class WatchedProtocol<M> implements Protocol<M> {
  private final Protocol<M> protocol;
  private final Witness<M> witness;
  private final Laws laws;
  private final Trace trace;

  public WatchedProtocol(Protocol<M> protocol, Witness<M> witness, Laws laws, Trace trace) {
    this.protocol = protocol;
    this.witness = witness;
    this.laws = laws;
    this.trace = trace;
  }

  @Override
  public String name() {
    return protocol.name();
  }

  @Override
  public void validate() {
    protocol.validate();
  }

  @Override
  public long electionTimeoutNanos() {
    return protocol.electionTimeoutNanos();
  }

  @Override
  public Engine<M> engine(Engine.Setup setup) {
    WatchedEffects<M> effects = new WatchedEffects<>(setup, witness, laws, trace);
    return new WatchedEngine<>(protocol.engine(setup), effects);
  }

  @Override
  public int compareStamps(Stamp left, Stamp right) {
    return protocol.compareStamps(left, right);
  }

  @Override
  public byte[] encode(M message, List<Payload> values) {
    return protocol.encode(message, values);
  }

  @Override
  public M decode(ByteBuffer header, ByteBuffer values) {
    return protocol.decode(header, values);
  }
}
