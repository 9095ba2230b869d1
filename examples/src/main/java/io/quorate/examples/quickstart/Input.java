package io.quorate.examples.quickstart;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.quorate.examples.cli.UsageException;
import io.quorate.examples.kv.KvCommand;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * The lines to load. Read and checked as a whole before anything is started. Immutable.
 *
 * @param name where they came from, for people
 * @param lines at least one
 */
record Input(String name, List<Line> lines) {
  /** The longest prefix that a round puts before a key, in bytes. */
  static final int PREFIX_BYTES_MAX = 24;

  Input {
    lines = List.copyOf(lines);
    if (lines.isEmpty()) {
      throw new UsageException(name + " has no lines; write key=value, one a line");
    }
  }

  /** A key and its value. */
  record Line(String key, String value) {}

  /** Reads lines of {@code code,name}. */
  static Input countries(Path file) throws IOException {
    return parse(file.toString(), open(file), ',');
  }

  /** Reads lines of {@code key=value}. */
  static Input file(Path file) throws IOException {
    return parse(file.toString(), open(file), '=');
  }

  private static InputStream open(Path file) throws IOException {
    try {
      return new ByteArrayInputStream(Files.readAllBytes(file));
    } catch (NoSuchFileException e) {
      throw new UsageException("there is no file " + file + "; name one that exists");
    }
  }

  /** Reads lines of key, separator, value; blank lines count and are skipped. */
  static Input parse(String name, InputStream in, char separator) throws IOException {
    List<Line> lines = new ArrayList<>();
    int number = 0;
    for (String text : decode(name, in.readAllBytes()).split("\\R", -1)) {
      number++;
      if (!text.isBlank()) {
        lines.add(line(name, number, text, separator));
      }
    }
    return new Input(name, lines);
  }

  private static String decode(String name, byte[] bytes) {
    try {
      return UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
    } catch (CharacterCodingException e) {
      throw new UsageException(name + " is no UTF-8; convert it");
    }
  }

  private static Line line(String name, int number, String text, char separator) {
    int at = text.indexOf(separator);
    if (at < 1) {
      throw new UsageException(
          "line %d of %s is \"%s\"; write key%cvalue"
              .formatted(
                  number,
                  name,
                  text.length() <= 60 ? text : text.substring(0, 60) + "…",
                  separator));
    }
    Line line = new Line(text.substring(0, at), text.substring(at + 1));
    check(name, number, "key", line.key(), KvCommand.KEY_BYTES_MAX - PREFIX_BYTES_MAX);
    check(name, number, "value", line.value(), KvCommand.VALUE_BYTES_MAX);
    return line;
  }

  private static void check(String name, int number, String what, String text, int max) {
    int length = text.getBytes(UTF_8).length;
    if (length > max) {
      throw new UsageException(
          "line %d of %s has a %s of %d bytes; write at most %d"
              .formatted(number, name, what, length, max));
    }
  }
}
