package io.quorate.examples.registry;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonParseException;
import io.quorate.Codec;
import java.nio.ByteBuffer;

/** Records as JSON: what is easiest to read in a log and on a wire, and fast enough here. */
final class Json {
  private static final Gson GSON = new GsonBuilder().disableHtmlEscaping().create();

  private Json() {}

  static String text(Object value) {
    return GSON.toJson(value);
  }

  /** Text, or a sentence for bytes that are none. */
  static String utf8(byte[] bytes) {
    return Codec.utf8().decode(ByteBuffer.wrap(bytes));
  }

  static <T> Codec<T> codec(Class<T> type) {
    return Codec.of(
        value -> text(value).getBytes(UTF_8),
        bytes -> {
          try {
            T value = GSON.fromJson(Codec.utf8().decode(bytes), type);
            if (value == null) {
              throw new IllegalArgumentException("it is empty");
            }
            return value;
          } catch (JsonParseException e) {
            throw new IllegalArgumentException("it is no JSON of this kind: " + e.getMessage(), e);
          }
        });
  }
}
