package io.quorate.examples.kv;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import org.jspecify.annotations.Nullable;

/** Reads lines of UTF-8 and keeps no more than {@link #BYTES_MAX} of a line. */
final class LineReader {
  static final int BYTES_MAX = 1 << 20;

  private final InputStream in;

  LineReader(InputStream in) {
    this.in = new BufferedInputStream(in);
  }

  /**
   * The next line, or null at the end.
   *
   * @throws MalformedLineException if a line is too long or no UTF-8; the next call reads the next
   */
  @Nullable String next() throws IOException, MalformedLineException {
    ByteArrayOutputStream line = new ByteArrayOutputStream();
    long length = 0;
    int read = in.read();
    if (read < 0) {
      return null;
    }
    for (; read >= 0 && read != '\n'; read = in.read()) {
      if (++length <= BYTES_MAX) {
        line.write(read);
      }
    }
    if (length > BYTES_MAX) {
      throw new MalformedLineException(
          "a line of " + length + " bytes; write at most " + BYTES_MAX);
    }
    try {
      String text = UTF_8.newDecoder().decode(ByteBuffer.wrap(line.toByteArray())).toString();
      return text.endsWith("\r") ? text.substring(0, text.length() - 1) : text;
    } catch (CharacterCodingException e) {
      throw new MalformedLineException("a line that is no UTF-8; write UTF-8");
    }
  }
}
