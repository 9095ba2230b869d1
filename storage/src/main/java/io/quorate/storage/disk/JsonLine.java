package io.quorate.storage.disk;

import java.util.List;

/** One object of JSON, in one line. */
final class JsonLine {
  private final StringBuilder text = new StringBuilder("{");

  JsonLine put(String name, String value) {
    name(name);
    string(value);
    return this;
  }

  JsonLine put(String name, long value) {
    name(name);
    text.append(value);
    return this;
  }

  JsonLine put(String name, boolean value) {
    name(name);
    text.append(value);
    return this;
  }

  JsonLine put(String name, List<String> values) {
    name(name);
    text.append('[');
    for (int i = 0; i < values.size(); i++) {
      if (i > 0) {
        text.append(',');
      }
      string(values.get(i));
    }
    text.append(']');
    return this;
  }

  private void name(String name) {
    if (text.length() > 1) {
      text.append(',');
    }
    string(name);
    text.append(':');
  }

  /** Escapes what a string of JSON must not hold, and halves of pairs, which no UTF-8 can. */
  private void string(String value) {
    text.append('"');
    for (int i = 0; i < value.length(); i++) {
      char each = value.charAt(i);
      if (each == '"' || each == '\\') {
        text.append('\\').append(each);
      } else if (each < ' ' || isHalf(value, i)) {
        text.append(String.format("\\u%04x", (int) each));
      } else {
        text.append(each);
      }
    }
    text.append('"');
  }

  private static boolean isHalf(String value, int at) {
    char each = value.charAt(at);
    boolean paired =
        Character.isHighSurrogate(each)
            ? at + 1 < value.length() && Character.isLowSurrogate(value.charAt(at + 1))
            : at > 0 && Character.isHighSurrogate(value.charAt(at - 1));
    return Character.isSurrogate(each) && !paired;
  }

  /** The line with its end. */
  String end() {
    return text + "}\n";
  }
}
