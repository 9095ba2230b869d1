package io.quorate.examples.cli;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The arguments of a program: {@code --flag value}, {@code --flag=value}, {@code --switch} and
 * words. Whatever is wrong with them is a {@link UsageException}. Immutable.
 */
public final class Args {
  private final Map<String, String> values;
  private final Set<String> switches;
  private final List<String> words;

  private Args(Map<String, String> values, Set<String> switches, List<String> words) {
    this.values = Map.copyOf(values);
    this.switches = Set.copyOf(switches);
    this.words = List.copyOf(words);
  }

  /**
   * Reads arguments.
   *
   * @param valued the flags that take a value, without dashes
   * @param plain the flags that take none; {@code help} is always one of them
   */
  public static Args parse(Set<String> valued, Set<String> plain, String... arguments) {
    Map<String, String> values = new HashMap<>();
    Set<String> switches = new HashSet<>();
    List<String> words = new ArrayList<>();
    for (int i = 0; i < arguments.length; i++) {
      String argument = arguments[i];
      if (!argument.startsWith("--")) {
        words.add(argument);
        continue;
      }
      int equals = argument.indexOf('=');
      String name = argument.substring(2, equals < 0 ? argument.length() : equals);
      boolean fresh;
      if (valued.contains(name)) {
        if (equals < 0 && i + 1 == arguments.length) {
          throw new UsageException("--" + name + " needs a value; --help explains it");
        }
        String value = equals < 0 ? arguments[++i] : argument.substring(equals + 1);
        fresh = values.put(name, value) == null;
      } else {
        checkPlain(name, equals >= 0, valued, plain);
        fresh = switches.add(name);
      }
      if (!fresh) {
        throw new UsageException("--" + name + " is given twice; give it once");
      }
    }
    return new Args(values, switches, words);
  }

  private static void checkPlain(
      String name, boolean hasValue, Set<String> valued, Set<String> plain) {
    if (!plain.contains(name) && !name.equals("help")) {
      throw new UsageException("unknown flag --" + name + "; there are " + all(valued, plain));
    }
    if (hasValue) {
      throw new UsageException("--" + name + " takes no value; write it alone");
    }
  }

  private static String all(Set<String> valued, Set<String> plain) {
    TreeSet<String> all = new TreeSet<>(valued);
    all.addAll(plain);
    all.add("help");
    return "--" + String.join(", --", all);
  }

  /** Whether a switch is given. */
  public boolean has(String name) {
    return switches.contains(name);
  }

  /** The value of a flag, or the one to take without it. */
  public String text(String name, String otherwise) {
    return values.getOrDefault(name, otherwise);
  }

  /** The value of a flag, or null without it. */
  public @Nullable String textOrNull(String name) {
    return values.get(name);
  }

  /** The value of a flag that must be given. */
  public String text(String name, Example example) {
    String value = values.get(name);
    if (value == null) {
      throw new UsageException(
          "--" + name + " is missing; give it, like --" + name + " " + example.text());
    }
    return value;
  }

  /** A whole number within bounds that must be given. */
  public int number(String name, Example example, int min, int max) {
    return number(name, text(name, example), min, max);
  }

  /** A whole number within bounds, or the one to take without the flag. */
  public int number(String name, int otherwise, int min, int max) {
    String value = values.get(name);
    return value == null ? otherwise : number(name, value, min, max);
  }

  private static int number(String name, String value, int min, int max) {
    if (value.matches("[0-9]{1,9}")) {
      int number = Integer.parseInt(value);
      if (number >= min && number <= max) {
        return number;
      }
    }
    throw new UsageException(
        "--%s is \"%s\"; write a number from %d to %d".formatted(name, value, min, max));
  }

  /** What is no flag, in order. */
  public List<String> words() {
    return words;
  }

  /** Refuses words where a program takes none. */
  public Args withoutWords() {
    if (!words.isEmpty()) {
      throw new UsageException(
          "\"" + words.get(0) + "\" is no flag; flags begin with --, and --help lists them");
    }
    return this;
  }

  /** How a value that must be given may look. */
  public record Example(String text) {}
}
