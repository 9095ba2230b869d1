package io.quorate.examples.kv;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * The line protocol: what a person types. Words are separated by blanks; one with blanks stands in
 * double quotes, in which {@code \"} and {@code \\} stand for themselves.
 */
public sealed interface KvLine {
  /** What {@code help} prints. */
  String HELP =
      """
      put KEY VALUE      sets a key
      get KEY            prints what a key holds, as of now
      delete KEY         removes a key
      cas KEY OLD NEW    sets a key to NEW if it holds OLD
      digest             prints a digest of the state of this replica
      status             prints this replica's state on one line
      explain            says in words why nothing moves, if nothing moves
      help               prints this
      quit               ends the connection
      A word with blanks stands in double quotes: put greeting "good morning"\
      """;

  /** A line that changes the map. */
  record Change(KvCommand command) implements KvLine {}

  /** {@code get}. */
  record Get(String key) implements KvLine {}

  /** A line of one word that needs no key. */
  enum Word implements KvLine {
    DIGEST,
    STATUS,
    EXPLAIN,
    HELP,
    QUIT,
    /** Nothing but blanks. */
    BLANK
  }

  /** Reads a line. */
  static KvLine parse(String line) throws MalformedLineException {
    List<String> words = words(line);
    if (words.isEmpty()) {
      return Word.BLANK;
    }
    String name = words.get(0);
    int count = words.size() - 1;
    try {
      return switch (name) {
        case "put" -> {
          expect(count == 2, "put takes a key and a value, not %d words", count);
          yield new Change(new KvCommand.Put(words.get(1), words.get(2)));
        }
        case "get" -> {
          expect(count == 1, "get takes one key, not %d words", count);
          yield new Get(words.get(1));
        }
        case "delete" -> {
          expect(count == 1, "delete takes one key, not %d words", count);
          yield new Change(new KvCommand.Delete(words.get(1)));
        }
        case "cas" -> {
          expect(count == 3, "cas takes a key, the old value and the new one, not %d words", count);
          yield new Change(new KvCommand.CompareAndSet(words.get(1), words.get(2), words.get(3)));
        }
        case "digest", "status", "explain", "help", "quit" -> {
          expect(count == 0, name + " takes nothing, not %d words", count);
          yield Word.valueOf(name.toUpperCase(Locale.ROOT));
        }
        default ->
            throw new MalformedLineException(
                "unknown command " + quote(name) + "; help lists the commands");
      };
    } catch (IllegalArgumentException e) {
      throw new MalformedLineException(e.getMessage() + "; nothing was changed");
    }
  }

  private static void expect(boolean right, String wrong, int count) throws MalformedLineException {
    if (!right) {
      throw new MalformedLineException(
          wrong.formatted(count) + "; put double quotes around a word with blanks");
    }
  }

  private static List<String> words(String line) throws MalformedLineException {
    List<String> words = new ArrayList<>();
    int at = 0;
    while (at < line.length()) {
      if (Character.isWhitespace(line.charAt(at))) {
        at++;
        continue;
      }
      StringBuilder word = new StringBuilder();
      at = line.charAt(at) == '"' ? quoted(line, at, word) : bare(line, at, word);
      words.add(word.toString());
    }
    return words;
  }

  private static int bare(String line, int from, StringBuilder word) {
    int at = from;
    while (at < line.length() && !Character.isWhitespace(line.charAt(at))) {
      word.append(line.charAt(at++));
    }
    return at;
  }

  private static int quoted(String line, int from, StringBuilder word)
      throws MalformedLineException {
    for (int at = from + 1; at < line.length(); at++) {
      char next = line.charAt(at);
      if (next == '"') {
        if (at + 1 < line.length() && !Character.isWhitespace(line.charAt(at + 1))) {
          throw new MalformedLineException(
              "a closing quote with more behind it; put a blank there, or write \\\" within a"
                  + " word");
        }
        return at + 1;
      }
      if (next == '\\' && at + 1 < line.length()) {
        next = line.charAt(++at);
      }
      word.append(next);
    }
    throw new MalformedLineException("a quote that is not closed; end the word with \"");
  }

  /** A word in double quotes, as {@link #parse} reads it back. */
  static String quote(String word) {
    return '"' + word.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
  }
}
