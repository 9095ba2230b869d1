package io.quorate.examples.quickstart;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.quorate.examples.cli.UsageException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

class InputTest {
  private static Input parse(String text) throws IOException {
    return Input.parse("standard input", new ByteArrayInputStream(text.getBytes(UTF_8)), '=');
  }

  private static void assertRefused(String sentence, String text) {
    assertEquals(sentence, assertThrows(UsageException.class, () -> parse(text)).getMessage());
  }

  @Test
  void aLineIsAKeyAndAValueWithWhateverIsInIt() throws IOException {
    assertEquals(
        List.of(new Input.Line("a", "b=c"), new Input.Line("d e", "")),
        parse("a=b=c\r\n\nd e=").lines());
  }

  @Test
  void aMalformedLineIsNamedByItsNumber() {
    assertRefused("line 3 of standard input is \"foo\"; write key=value", "a=b\n\nfoo\n");
    assertRefused("line 1 of standard input is \"=foo\"; write key=value", "=foo");
  }

  @Test
  void aKeyThatWouldNotFitBehindAPrefixIsRefused() {
    assertRefused(
        "line 1 of standard input has a key of 1001 bytes; write at most 1000",
        "k".repeat(1001) + "=v");
  }

  @Test
  void nothingAtAllIsRefused() {
    assertRefused("standard input has no lines; write key=value, one a line", "\n");
  }

  @Test
  void aMissingFileIsNamed() {
    UsageException no =
        assertThrows(UsageException.class, () -> Input.file(Path.of("nowhere.txt")));
    assertEquals("there is no file nowhere.txt; name one that exists", no.getMessage());
  }
}
