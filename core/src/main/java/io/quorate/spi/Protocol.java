package io.quorate.spi;

import java.nio.ByteBuffer;
import java.util.List;

/**
 * A consensus protocol that a group can run: Raft or Multi-Paxos. Stateless; one instance may serve
 * many groups.
 *
 * <p><b>Threads.</b> Any: it has no state.
 *
 * <p><b>Errors.</b> {@link #validate} throws {@link IllegalArgumentException} for options that
 * nobody can mean, {@link #decode} for bytes that are no message.
 *
 * @param <M> the engine's messages
 */
public interface Protocol<M> {
  /** The name in the chain of epochs, for ever: {@code "raft"}, {@code "paxos"}. */
  String name();

  /**
   * Checks the options before anything is opened.
   *
   * @throws IllegalArgumentException saying what is wrong and what to do
   */
  void validate();

  /**
   * How long a leader may be silent before others take over. The runtime measures its disk by it:
   * one that owes an answer for half as long is told to the engine as stalled.
   */
  long electionTimeoutNanos();

  /** Makes an engine. */
  Engine<M> engine(Engine.Setup setup);

  /**
   * Orders two stamps of one epoch by who comes later; the fence of apply asks for nothing else.
   */
  int compareStamps(Stamp left, Stamp right);

  /**
   * Encodes a message without its values.
   *
   * @param values receives the values of the message's entries, in order
   * @return the header, given away
   */
  byte[] encode(M message, List<Payload> values);

  /**
   * Decodes a message; the reverse of {@link #encode}.
   *
   * @param values the values one after the other; slices of it become payloads
   * @throws IllegalArgumentException if the bytes are no message; sizes are checked before memory
   *     is allocated
   */
  M decode(ByteBuffer header, ByteBuffer values);
}
