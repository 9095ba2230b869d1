package io.quorate.benchmarks;

import java.io.IOException;
import java.nio.file.Path;

/** The program of a child JVM: one contestant, one load, one line with what was measured. */
final class OneRun {
  private OneRun() {}

  /** Takes engine, commands in flight, payload bytes, warm-up seconds, seconds, directory. */
  public static void main(String[] args) throws IOException {
    Path directory = Path.of(args[5]);
    try (Contestant contestant = Contestant.start(args[0], directory)) {
      Measurement measured =
          LoadGenerator.run(
              contestant,
              Integer.parseInt(args[1]),
              Integer.parseInt(args[2]),
              Integer.parseInt(args[3]),
              Integer.parseInt(args[4]));
      if (!contestant.undisturbed()) {
        throw new IllegalStateException("the leader changed during the run: nothing to compare");
      }
      System.out.println(measured.line());
    }
  }
}
