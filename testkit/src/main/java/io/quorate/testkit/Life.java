package io.quorate.testkit;

import io.quorate.spi.Loop;

/** One process from its start to its crash; what it has set for later dies with it. */
final class Life {
  final int member;
  final Weather weather;
  final Trace trace;
  private final Agenda agenda;
  private boolean over;

  Life(int member, Agenda agenda, Weather weather, Trace trace) {
    this.member = member;
    this.agenda = agenda;
    this.weather = weather;
    this.trace = trace;
  }

  Loop.Scheduled later(long delayNanos, Runnable task) {
    return agenda.after(
        delayNanos,
        () -> {
          if (!over) {
            task.run();
          }
        });
  }

  long now() {
    return agenda.now();
  }

  boolean isOver() {
    return over;
  }

  void end() {
    over = true;
  }
}
