package io.quorate.examples.ring;

import io.quorate.examples.cli.Program;
import io.quorate.examples.cli.UsageException;
import io.quorate.ring.Ring;
import io.quorate.ring.RingBuilder;
import io.quorate.ring.RingDiff;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Draws a ring as SVG, and with {@code --add} or {@code --remove} what that moves. */
@Command(
    name = "ring",
    sortOptions = false,
    description = "Draws a consistent-hash ring, and what a change of it moves, as SVG.")
public final class DrawRing implements Callable<Integer> {
  private static final int TOKENS_MAX = 4_096;

  @Option(
      names = "--nodes",
      split = ",",
      defaultValue = "a,b,c",
      paramLabel = "a,b:2,c",
      description = "The nodes; b has a weight of 2.")
  private List<String> nodes;

  @Option(names = "--add", paramLabel = "d", description = "Also what moves when d joins.")
  private @Nullable String added;

  @Option(names = "--remove", paramLabel = "a", description = "Also what moves when a leaves.")
  private @Nullable String removed;

  @Option(
      names = "--tokens",
      defaultValue = "16",
      paramLabel = "N",
      description = "Tokens for each unit of weight, 1 to " + TOKENS_MAX + " (${DEFAULT-VALUE}).")
  private int tokens;

  @Option(names = "--out", paramLabel = "FILE", description = "Writes there, not to the output.")
  private @Nullable Path out;

  /** Exits with 2 if it is called wrongly. */
  public static void main(String[] args) {
    System.exit(Program.run(new DrawRing(), args));
  }

  @Override
  public Integer call() throws IOException {
    Program.between("--tokens", tokens, 1, TOKENS_MAX);
    Picture picture = picture();
    if (out == null) {
      System.out.print(picture.svg());
    } else {
      Files.writeString(out, picture.svg());
      System.out.println(picture.diff());
      picture.diff().transfers().forEach(each -> System.out.println(sentence(each)));
    }
    return Program.FINE;
  }

  private Picture picture() {
    try {
      Ring<String> ring = ring();
      return new Picture(ring, changed(ring));
    } catch (IllegalArgumentException e) {
      throw new UsageException(String.valueOf(e.getMessage()));
    }
  }

  private static String sentence(RingDiff.Transfer<String> each) {
    return "%s sends %s %.2f %% of all keys".formatted(each.from(), each.to(), 100 * each.share());
  }

  private Ring<String> ring() {
    RingBuilder<String> builder = Ring.<String>builder().tokens(tokens);
    for (String node : nodes) {
      builder.add(name(node), weight(node));
    }
    return builder.build();
  }

  private Ring<String> changed(Ring<String> ring) {
    Ring<String> next = removed == null ? ring : ring.without(removed);
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
