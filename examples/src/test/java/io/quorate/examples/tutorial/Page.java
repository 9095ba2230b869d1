package io.quorate.examples.tutorial;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What a page with instructions tells its reader to do, in order. */
final class Page {
  private static final Pattern BLOCK =
      Pattern.compile("(?ms)^```(xml|java|console)\\n(.*?)^```$|`([\\w/.]+\\.(?:xml|java))`");
  private static final Pattern LINE = Pattern.compile("(\\d?)([$>|^]) ?(.*)");

  private Page() {}

  /** Something to do. */
  sealed interface Step {}

  /** Write a file. */
  record Write(String path, String content) implements Step {}

  /** Run a command in a terminal; 0 is one whose commands end by themselves. */
  record Run(int terminal, String command) implements Step {}

  /** Type a line. */
  record Type(int terminal, String line) implements Step {}

  /** See a line. */
  record See(int terminal, String line) implements Step {}

  /** Kill what runs there. */
  record Kill(int terminal) implements Step {}

  /** Reads a page: a block of XML or Java is the file that was named last before it. */
  static List<Step> read(Path page) throws IOException {
    List<Step> steps = new ArrayList<>();
    String file = "";
    Matcher block = BLOCK.matcher(Files.readString(page));
    while (block.find()) {
      if (block.group(3) != null) {
        file = block.group(3);
      } else if (block.group(1).equals("console")) {
        block.group(2).lines().forEach(line -> steps.add(step(line)));
      } else {
        steps.add(new Write(file, block.group(2)));
      }
    }
    return steps;
  }

  private static Step step(String text) {
    Matcher line = LINE.matcher(text);
    if (!line.matches()) {
      throw new AssertionError("not a line of a console: " + text);
    }
    int terminal = line.group(1).isEmpty() ? 0 : Integer.parseInt(line.group(1));
    return switch (line.group(2)) {
      case "$" -> new Run(terminal, line.group(3));
      case ">" -> new Type(terminal, line.group(3));
      case "|" -> new See(terminal, line.group(3));
      default -> new Kill(terminal);
    };
  }
}
