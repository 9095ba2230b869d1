package io.quorate.benchmarks;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** What to measure, as the command line says it. Not changed once read. */
final class Options {
  static final String HELP =
      String.join(
          System.lineSeparator(),
          "Measures three replicas in one JVM that sync before they acknowledge.",
          "",
          "  --engines light,raft,paxos  contestants, run in turn; ratios are to light",
          "  --inflight 1,256       commands on their way at a time (K); a table row each",
          "  --payload 1024         bytes of a command, 1 to 1048576",
          "  --seconds 5            length of the measured period of a run",
          "  --warmup 3             seconds of load before it",
          "  --rounds 3             runs of each contestant; the table shows medians",
          "  --dir DIR              where the logs go; name a disk, not a tmpfs",
          "  --jvm \"-Xms1g -Xmx1g\"  options of the JVM that each run gets",
          "  --help                 this text");

  private static final int INFLIGHT_MAX = 65_536;
  private static final int PAYLOAD_MAX = 1 << 20;
  private static final int SECONDS_MAX = 3_600;
  private static final int ROUNDS_MAX = 100;

  private List<String> engines = Contestant.NAMES;
  private List<Integer> inflight = List.of(1, 256);
  private int payload = 1024;
  private int seconds = 5;
  private int warmup = 3;
  private int rounds = 3;
  private Path directory = Path.of("benchmarks", "target", "data");
  private List<String> jvm = List.of("-Xms1g", "-Xmx1g");

  private Options() {}

  /**
   * Reads the options; what is not named has its default.
   *
   * @throws IllegalArgumentException saying which option is wrong and what it takes
   */
  static Options parse(List<String> arguments) {
    Options options = new Options();
    for (int i = 0; i < arguments.size(); i += 2) {
      if (i + 1 == arguments.size()) {
        throw new IllegalArgumentException(
            arguments.get(i) + " is no option or lacks its value; --help lists the options");
      }
      options.set(arguments.get(i), arguments.get(i + 1));
    }
    return options;
  }

  private void set(String name, String value) {
    switch (name) {
      case "--engines" -> engines = engines(value);
      case "--inflight" -> inflight = numbers(name, value);
      case "--payload" -> payload = number(name, value, 1, PAYLOAD_MAX);
      case "--seconds" -> seconds = number(name, value, 1, SECONDS_MAX);
      case "--warmup" -> warmup = number(name, value, 0, SECONDS_MAX);
      case "--rounds" -> rounds = number(name, value, 1, ROUNDS_MAX);
      case "--dir" -> directory = Path.of(value);
      case "--jvm" -> jvm = List.of(value.trim().split(" +", -1));
      default ->
          throw new IllegalArgumentException(name + " is no option; --help lists the options");
    }
  }

  private static List<String> engines(String value) {
    List<String> engines = List.of(value.split(",", -1));
    for (String engine : engines) {
      if (!Contestant.NAMES.contains(engine)) {
        throw new IllegalArgumentException(
            "no engine is called \"" + engine + "\"; choose from " + Contestant.NAMES);
      }
    }
    return engines;
  }

  private static List<Integer> numbers(String name, String value) {
    List<Integer> numbers = new ArrayList<>();
    for (String part : value.split(",", -1)) {
      numbers.add(number(name, part, 1, INFLIGHT_MAX));
    }
    return List.copyOf(numbers);
  }

  private static int number(String name, String value, int min, int max) {
    if (value.matches("[0-9]{1,9}")) {
      int number = Integer.parseInt(value);
      if (min <= number && number <= max) {
        return number;
      }
    }
    throw new IllegalArgumentException(
        name + " takes a number from " + min + " to " + max + ", not \"" + value + "\"");
  }

  List<String> engines() {
    return engines;
  }

  /** The numbers of commands on their way to measure with. */
  List<Integer> inflight() {
    return inflight;
  }

  int payload() {
    return payload;
  }

  int seconds() {
    return seconds;
  }

  int warmup() {
    return warmup;
  }

  int rounds() {
    return rounds;
  }

  /** Where each run makes a directory of its own, and removes it. */
  Path directory() {
    return directory;
  }

  /** Options of the JVM that each run gets. */
  List<String> jvm() {
    return jvm;
  }
}
