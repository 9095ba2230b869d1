package io.quorate.examples.quickstart;

import io.quorate.Client;
import io.quorate.CommandRejectedException;
import io.quorate.NotLeaderException;
import io.quorate.OverloadedException;
import io.quorate.examples.kv.KvCommand;
import java.util.BitSet;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The writes of one round: the lines of the input over and over, each time under another prefix, so
 * that every key is written once. Keeps a fixed number of writes in flight.
 *
 * <p>Threads: one thread calls {@link #step}; acknowledgements arrive on the client's.
 */
final class Load {
  static final int IN_FLIGHT = 64;

  private final Client client;
  private final Input input;
  private final int round;
  private final Semaphore window = new Semaphore(IN_FLIGHT);
  private final ConcurrentLinkedQueue<Integer> again = new ConcurrentLinkedQueue<>();
  private int sent;

  // Guarded by this.
  private final BitSet acknowledged = new BitSet();
  private final BitSet unknown = new BitSet();
  private int acknowledgements;
  private long lastNanos = System.nanoTime();
  private long silenceNanos;
  private long silenceEndNanos;
  private @Nullable Throwable failure;

  Load(Client client, Input input, int round) {
    this.client = client;
    this.input = input;
    this.round = round;
  }

  /** What all keys of a round begin with. */
  static String prefix(int round) {
    return "r" + round + ".";
  }

  String prefix() {
    return prefix(round);
  }

  /** The key of the write with that number. */
  String key(int number) {
    int pass = number / input.lines().size() + 1;
    return prefix() + "p" + pass + "." + line(number).key();
  }

  /** The value of the write with that number. */
  String value(int number) {
    return line(number).value();
  }

  /** How many lines the input has. */
  int lines() {
    return input.lines().size();
  }

  private Input.Line line(int number) {
    return input.lines().get(number % input.lines().size());
  }

  /** Sends one write as soon as the window has room; gives up after a tenth of a second. */
  void step() throws InterruptedException {
    if (!window.tryAcquire(100, TimeUnit.MILLISECONDS)) {
      return;
    }
    Integer retry = again.poll();
    int number = retry == null ? sent++ : retry;
    byte[] command = new KvCommand.Put(key(number), value(number)).encode();
    var unused =
        client
            .propose(command)
            .whenComplete(
                (reply, no) -> {
                  settle(number, no);
                  window.release();
                });
  }

  /** Waits until nothing is in flight, sending again what was refused for the moment. */
  void drain() throws InterruptedException {
    do {
      window.acquire(IN_FLIGHT);
      window.release(IN_FLIGHT);
      if (!again.isEmpty()) {
        step();
      }
    } while (!again.isEmpty() || window.availablePermits() < IN_FLIGHT);
  }

  private synchronized void settle(int number, @Nullable Throwable no) {
    if (no == null) {
      acknowledged.set(number);
      acknowledgements++;
      long now = System.nanoTime();
      if (now - lastNanos > silenceNanos) {
        silenceNanos = now - lastNanos;
        silenceEndNanos = now;
      }
      lastNanos = now;
    } else if (no instanceof NotLeaderException || no instanceof OverloadedException) {
      again.add(number); // Certainly not applied: this is a new command for an old write.
    } else if (no instanceof CommandRejectedException) {
      failure = no; // A put is never refused.
    } else {
      unknown.set(number);
      failure = no;
    }
  }

  synchronized int acknowledgements() {
    return acknowledgements;
  }

  /** How many writes were begun. */
  int sent() {
    return sent;
  }

  synchronized boolean isAcknowledged(int number) {
    return acknowledged.get(number);
  }

  synchronized boolean isUnknown(int number) {
    return unknown.get(number);
  }

  synchronized int unknowns() {
    return unknown.cardinality();
  }

  /** The last failure that no retry mends, or null. */
  synchronized @Nullable Throwable failure() {
    return failure;
  }

  /** Forgets the silences so far; what comes next is measured from now. */
  synchronized void listen() {
    lastNanos = System.nanoTime();
    silenceNanos = 0;
    silenceEndNanos = lastNanos;
  }

  /**
   * When the longest silence between two acknowledgements since {@link #listen} ended. Not simply
   * the first acknowledgement: some of a killed leader may still lie in a buffer here.
   */
  synchronized long silenceEndNanos() {
    return silenceEndNanos;
  }
}
