package io.quorate.examples.tour;

import io.quorate.examples.cli.Engines;
import io.quorate.examples.cli.Program;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;

/** Shows a ring, a Multi-Paxos group and a Raft group, in one JVM and without a question. */
@Command(
    name = "tour",
    description = "Shows a ring, a Multi-Paxos group and a Raft group, in a few seconds.")
public final class Tour implements Callable<Integer> {
  /** Needs no arguments. */
  public static void main(String[] args) {
    System.exit(Program.run(new Tour(), args));
  }

  @Override
  public Integer call() throws IOException {
    RingWalk.show(System.out);
    for (Engines engine : List.of(Engines.PAXOS, Engines.RAFT)) {
      System.out.println();
      GroupWalk.show(engine, 3, System.out);
      GroupWalk.show(engine, 2, System.out);
    }
    System.out.print(
        """

        A reply means: on the disks of a majority, and applied. Of three replicas two are a
        majority, so three survive the loss of any one. Of two it takes both: a group of two
        survives the loss of none, and has two disks to lose where one has one. So three is the
        smallest group that helps; five survive the loss of two.
        """);
    return Program.FINE;
  }
}
