package io.quorate.testkit.world;

import io.quorate.spi.Loop;

/** One process from its start to its crash; what it has set for later dies with it. */
public final class Life {
  final int member;
  final Weather weather;
  final Trace trace;
  private final Agenda agenda;
  private boolean over;

  public Life(int member, Agenda agenda, Weather weather, Trace trace) {
    this.member = member;
    this.agenda = agenda;
    this.weather = weather;
    this.trace = trace;
  }

  public Loop.Scheduled later(long delayNanos, Runnable task) {
    return agenda.after(
        delayNanos,
        () -> {
          if (!over) {
            task.run();
          }
        });
  }

  public long now() {
    return agenda.now();
  }

  public boolean isOver() {
    return over;
  }

  public void end() {
    over = true;
  }
}
