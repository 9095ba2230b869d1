package io.quorate.testkit.world;

import io.quorate.spi.Stamp;
import io.quorate.testkit.TraceEvent;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What happened, as a hash: two runs of one seed must have the same; and, for whoever wants to
 * read, event by event. Without a reader it costs no words.
 */
public final class Trace {
  private final Agenda agenda;
  private final @Nullable Consumer<TraceEvent> reader;
  private long hash = 1;

  public Trace(Agenda agenda, @Nullable Consumer<TraceEvent> reader) {
    this.agenda = agenda;
    this.reader = reader;
  }

  /** Something that happens at one place; of which kind, a number may tell. */
  public void add(String kind, int replica, long number) {
    mix(kind, replica, number);
    if (reader != null) {
      tell(kind, replica, 0, 0, null, 0, 0, number == 0 ? "" : Long.toString(number));
    }
  }

  /** The same, and a word for it. */
  public void add(String kind, int replica, Enum<?> word) {
    mix(kind, replica, word.name().hashCode());
    if (reader != null) {
      tell(kind, replica, 0, 0, null, 0, 0, word.name());
    }
  }

  /** Something about an entry, or about all up to there; or about a stamp alone. */
  public void entry(String kind, int replica, long entryIndex, @Nullable Stamp stamp) {
    mix(kind, replica, entryIndex);
    if (stamp != null) {
      mix(stamp.high());
      mix(stamp.low());
    }
    if (reader != null) {
      tell(kind, replica, 0, 0, stamp, entryIndex, 0, "");
    }
  }

  /** Something that happens between two. */
  public void between(String kind, int from, int to, long number) {
    mix(kind, ((long) from << 32) ^ to, number);
    if (reader != null) {
      tell(kind, from, from, to, null, 0, 0, number == 0 ? "" : Long.toString(number));
    }
  }

  /** Something that happens to a frame, which keeps its number from sending to arrival. */
  void frame(String kind, Frame frame) {
    mix(kind, frame.id, ((long) frame.from() << 32) ^ frame.to());
    if (reader != null) {
      String words = "(kind " + frame.kind + ", " + frame.bytes() + " bytes)";
      tell(kind, frame.from(), frame.from(), frame.to(), null, 0, frame.id, words);
    }
  }

  /** A message of an engine; put into words only if someone reads them. */
  public void message(int from, int to, Object message) {
    mix("message", from, to);
    if (reader != null) {
      tell("message", from, from, to, null, 0, 0, message.toString());
    }
  }

  private void tell(
      String kind,
      int replica,
      int from,
      int to,
      @Nullable Stamp stamp,
      long entryIndex,
      long messageId,
      String text) {
    Consumer<TraceEvent> listening = reader;
    if (listening != null) {
      listening.accept(
          new TraceEvent(
              agenda.now(), replica, kind, from, to, stamp, entryIndex, messageId, text));
    }
  }

  public long hash() {
    return hash;
  }

  private void mix(String kind, long a, long b) {
    mix(agenda.now());
    mix(kind.hashCode());
    mix(a);
    mix(b);
  }

  private void mix(long value) {
    long mixed = (hash ^ value) * 0x9E3779B97F4A7C15L;
    hash = mixed ^ (mixed >>> 29);
  }
}
