package io.quorate.testkit;

import io.quorate.spi.Stamp;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * One thing that has happened in a simulation. What does not apply is 0, null or empty.
 *
 * @param nanos virtual time since the beginning
 * @param replica where: a member's id, or a client's, which is negative
 * @param kind what, in one word
 * @param from the sender, of what passes between two
 * @param to the receiver, likewise
 * @param stamp of an entry, or of a leader
 * @param entryIndex of an entry
 * @param messageId which a frame keeps from its sending to each of its arrivals
 * @param text the rest, in words
 */
public record TraceEvent(
    long nanos,
    int replica,
    String kind,
    int from,
    int to,
    @Nullable Stamp stamp,
    long entryIndex,
    long messageId,
    String text) {

  /** As a line for people. */
  public String line() {
    StringBuilder line = new StringBuilder();
    line.append(String.format(Locale.ROOT, "%14.6f ms  ", nanos / 1e6));
    String where = from == 0 ? name(replica) : name(from) + " -> " + name(to);
    line.append(String.format("%-9s ", where)).append(kind);
    if (entryIndex != 0) {
      line.append(' ').append(entryIndex);
    }
    if (stamp != null) {
      line.append(" of ").append(stamp);
    }
    if (messageId != 0) {
      line.append(" #").append(messageId);
    }
    return line.append(text.isEmpty() ? "" : " ").append(text).toString();
  }

  private static String name(int id) {
    return id < 0 ? "c" + -id : "n" + id;
  }

  /** As one object of JSON, without what does not apply. */
  public String json() {
    StringBuilder line = new StringBuilder("{\"time\":").append(nanos);
    number(line, "replica", replica);
    line.append(",\"kind\":\"").append(escaped(kind)).append('"');
    number(line, "from", from);
    number(line, "to", to);
    if (stamp != null) {
      line.append(",\"stamp\":\"").append(stamp).append('"');
    }
    number(line, "entryIndex", entryIndex);
    number(line, "messageId", messageId);
    if (!text.isEmpty()) {
      line.append(",\"text\":\"").append(escaped(text)).append('"');
    }
    return line.append('}').toString();
  }

  private static void number(StringBuilder line, String name, long value) {
    if (value != 0) {
      line.append(",\"").append(name).append("\":").append(value);
    }
  }

  private static String escaped(String text) {
    StringBuilder escaped = new StringBuilder();
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c < ' ') {
        escaped.append(String.format("\\u%04x", (int) c));
      } else {
        escaped.append(c == '"' || c == '\\' ? "\\" : "").append(c);
      }
    }
    return escaped.toString();
  }
}
