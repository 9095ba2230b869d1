package io.quorate.examples.ring;

import io.quorate.examples.cli.Args;
import io.quorate.examples.cli.Program;
import io.quorate.examples.cli.UsageException;
import io.quorate.ring.Ring;
import io.quorate.ring.RingBuilder;
import io.quorate.ring.RingDiff;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;

/** Draws a ring as SVG, and with {@code --add} or {@code --remove} what that moves. */
public final class DrawRing {
  private static final String HELP =
      """
      Draws a consistent-hash ring, and what a change of it moves, as SVG.

        --nodes a,b:2,c   the nodes; b has a weight of 2
        --add d           also what moves when d joins
        --remove a        also what moves when a leaves
        --tokens 16       tokens for each unit of weight, 1 to 4096
        --out ring.svg    the file; standard output without it
      """;

  private static final int TOKENS = 16;
  private static final int TOKENS_MAX = 4_096;

  private DrawRing() {}

  /** Exits with 2 if it is called wrongly. */
  public static void main(String[] args) {
    System.exit(Program.run("ring", () -> run(args)));
  }

  static int run(String... arguments) throws IOException {
    Args args =
        Args.parse(Set.of("nodes", "add", "remove", "tokens", "out"), Set.of(), arguments)
            .withoutWords();
    if (args.has("help")) {
      System.out.print(HELP);
      return Program.FINE;
    }
    Picture picture = picture(args, args.number("tokens", TOKENS, 1, TOKENS_MAX));
    String file = args.textOrNull("out");
    if (file == null) {
      System.out.print(picture.svg());
    } else {
      Files.writeString(Path.of(file), picture.svg());
      System.out.println(picture.diff());
      picture.diff().transfers().forEach(each -> System.out.println(sentence(each)));
    }
    return Program.FINE;
  }

  private static Picture picture(Args args, int tokens) {
    try {
      Ring<String> ring = ring(args.text("nodes", "a,b,c"), tokens);
      return new Picture(ring, changed(ring, args));
    } catch (IllegalArgumentException e) {
      throw new UsageException(String.valueOf(e.getMessage()));
    }
  }

  private static String sentence(RingDiff.Transfer<String> each) {
    return "%s sends %s %.2f %% of all keys".formatted(each.from(), each.to(), 100 * each.share());
  }

  private static Ring<String> ring(String nodes, int tokens) {
    RingBuilder<String> builder = Ring.<String>builder().tokens(tokens);
    for (String node : nodes.split(",", -1)) {
      builder.add(name(node), weight(node));
    }
    return builder.build();
  }

  private static Ring<String> changed(Ring<String> ring, Args args) {
    Ring<String> next = ring;
    String removed = args.textOrNull("remove");
    if (removed != null) {
      next = next.without(removed);
    }
    String added = args.textOrNull("add");
    return added == null ? next : next.with(name(added), weight(added));
  }

  private static String name(String node) {
    String name = node.replaceFirst(":[0-9]+$", "");
    if (name.isEmpty()) {
      throw new UsageException("a node has no name; write --nodes a,b:2,c");
    }
    return name;
  }

  private static int weight(String node) {
    return node.matches(".*:[0-9]{1,6}") ? Integer.parseInt(node.replaceFirst(".*:", "")) : 1;
  }
}
