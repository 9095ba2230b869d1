package io.quorate.transport;

import io.netty.util.NetUtil;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * Looks names up beside the loops, anew each time; keeps no thread while there is nothing to do.
 */
final class NameResolver implements AutoCloseable {
  /*
   * A look-up blocks for seconds where a name server is down, and no Java API can cut it short. One
   * thread would let one dead name hold up all others, hence a few.
   */
  private static final int LOOKUPS_MAX = 8;

  private static final long CLOSE_SECONDS = 1;

  private final ThreadPoolExecutor threads =
      new ThreadPoolExecutor(
          0,
          LOOKUPS_MAX,
          1,
          TimeUnit.SECONDS,
          new SynchronousQueue<>(),
          new DefaultThreadFactory("quorate-resolver", true));

  /** Takes what a name stands for. */
  interface Answer {
    /** The addresses, at least one. Any thread. */
    void resolved(InetAddress[] addresses);

    /** Nothing, and why. Any thread. */
    void unresolved(String why);
  }

  /** Resolves a name; an address in digits is answered at once. */
  void resolve(String host, Answer answer) {
    if (NetUtil.isValidIpV4Address(host) || NetUtil.isValidIpV6Address(host)) {
      lookUp(host, answer);
      return;
    }
    try {
      threads.execute(() -> lookUp(host, answer));
    } catch (RejectedExecutionException e) {
      answer.unresolved("more than " + LOOKUPS_MAX + " name look-ups are under way");
    }
  }

  /** Waits a second for look-ups that are under way; their threads are daemons. */
  @Override
  public void close() {
    threads.shutdownNow();
    try {
      threads.awaitTermination(CLOSE_SECONDS, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static void lookUp(String host, Answer answer) {
    try {
      answer.resolved(InetAddress.getAllByName(host));
    } catch (UnknownHostException e) {
      answer.unresolved("the name " + host + " does not resolve");
    }
  }
}
