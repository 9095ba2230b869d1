package io.quorate.testkit.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;

import io.quorate.spi.Transport;
import io.quorate.spi.Transport.Hello;
import io.quorate.spi.Transport.Position;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Writes down what a link tells, for a test to take in order. Waits at most ten seconds for an
 * event. Safe for use by any thread.
 */
public final class RecordingListener implements Transport.Listener {
  private static final long LIMIT_SECONDS = 10;

  private final int member;
  private final long hostStart = ThreadLocalRandom.current().nextLong();
  private final BlockingQueue<Event> events = new LinkedBlockingQueue<>();
  private final BlockingQueue<Hello> hellos = new LinkedBlockingQueue<>();
  private volatile @Nullable String refusal;
  private volatile Consumer<Received> onReceived = frame -> {};

  /** What a link told. */
  public sealed interface Event {}

  /** The dialled connection to a member is up. */
  public record Connected(int member, Hello remote) implements Event {}

  /** A connection broke. */
  public record Disconnected(int peer) implements Event {}

  /** A member refused, or was refused. */
  public record Refused(int member, String reason) implements Event {}

  /** A frame came. */
  public record Received(int from, int kind, ByteBuffer header, ByteBuffer values)
      implements Event {}

  /**
   * For one host.
   *
   * @param member the host's id; 0 for a client
   */
  public RecordingListener(int member) {
    this.member = member;
  }

  /** From now on refuses every hello with that sentence; null to accept. */
  public void refuseWith(@Nullable String sentence) {
    refusal = sentence;
  }

  /** Also hands every frame to {@code action}, in the loop, before it is written down. */
  public void onReceived(Consumer<Received> action) {
    onReceived = action;
  }

  /** The number that this host says of its start. */
  public long hostStart() {
    return hostStart;
  }

  /** The next event, which must be of that type. */
  public <E extends Event> E next(Class<E> type) {
    Event event = take(events, type.getSimpleName());
    assertEquals(type, event.getClass(), () -> "the next event is " + event);
    return type.cast(event);
  }

  /** The next event of that type; those before it are forgotten. */
  public <E extends Event> E await(Class<E> type) {
    while (true) {
      Event event = take(events, type.getSimpleName());
      if (type.isInstance(event)) {
        return type.cast(event);
      }
    }
  }

  /** The next hello that another host said to this one. */
  public Hello nextHello() {
    return take(hellos, "a hello");
  }

  /** What has been written down and not been taken. */
  public List<Event> waiting() {
    return List.copyOf(events);
  }

  @Override
  public Hello hello(int target) {
    return hello(target, target);
  }

  @Override
  public Hello answer(Hello remote) {
    return hello(0, remote.member());
  }

  /** Each member's disk is another incarnation, and each remembers another place of each. */
  private Hello hello(int target, int remote) {
    return member == 0
        ? new Hello(null, List.of(), 0, target, hostStart)
        : new Hello(
            null,
            List.of(1, 2, 3),
            member,
            target,
            hostStart,
            new Position(-member, Long.MAX_VALUE - member),
            new Position(-remote, remote + 10L * member));
  }

  @Override
  public @Nullable String refuse(Hello remote) {
    hellos.add(remote);
    return refusal;
  }

  @Override
  public void connected(int to, Hello remote) {
    events.add(new Connected(to, remote));
  }

  @Override
  public void disconnected(int peer, boolean dialled) {
    events.add(new Disconnected(peer));
  }

  @Override
  public void refused(int by, String reason) {
    events.add(new Refused(by, reason));
  }

  @Override
  public void received(int from, int kind, ByteBuffer header, ByteBuffer values) {
    Received frame = new Received(from, kind, header, values);
    onReceived.accept(frame);
    events.add(frame);
  }

  private static <T> T take(BlockingQueue<T> queue, String what) {
    try {
      T next = queue.poll(LIMIT_SECONDS, TimeUnit.SECONDS);
      assertNotNull(next, () -> "waited " + LIMIT_SECONDS + " s for " + what);
      return next;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError("interrupted while waiting for " + what, e);
    }
  }
}
