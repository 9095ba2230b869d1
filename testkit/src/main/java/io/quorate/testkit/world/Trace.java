package io.quorate.testkit.world;

/**
 * What happened, as a hash: two runs of one seed must have the same. With {@code
 * -Dquorate.sim.trace=true} also as text on standard output.
 */
public final class Trace {
  private static final boolean PRINT = Boolean.getBoolean("quorate.sim.trace");

  private final Agenda agenda;
  private long hash = 1;

  public Trace(Agenda agenda) {
    this.agenda = agenda;
  }

  /** One event; what the numbers mean depends on the kind. */
  public void add(String kind, int who, long a, long b) {
    mix(agenda.now());
    mix(kind.hashCode());
    mix(who);
    mix(a);
    mix(b);
    if (PRINT) {
      System.out.printf("%12d us  %-10s n%d  %d %d%n", agenda.now() / 1000, kind, who, a, b);
    }
  }

  /** Something that happens to a frame, which keeps its number from sending to arrival. */
  void frame(String kind, Frame frame) {
    mix(agenda.now());
    mix(kind.hashCode());
    mix(frame.id);
    mix(((long) frame.from() << 32) ^ frame.to());
    if (PRINT) {
      System.out.printf(
          "%12d us  %-10s n%d -> n%d  #%d kind %d, %d bytes%n",
          agenda.now() / 1000, kind, frame.from(), frame.to(), frame.id, frame.kind, frame.bytes());
    }
  }

  /** A message in words, which costs too much to make unless someone reads it. */
  public void message(int from, int to, Object message) {
    mix(agenda.now());
    mix(from);
    mix(to);
    if (PRINT) {
      System.out.printf("%12d us  n%d -> n%d  %s%n", agenda.now() / 1000, from, to, message);
    }
  }

  public long hash() {
    return hash;
  }

  private void mix(long value) {
    long mixed = (hash ^ value) * 0x9E3779B97F4A7C15L;
    hash = mixed ^ (mixed >>> 29);
  }
}
