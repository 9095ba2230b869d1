package io.quorate.examples.kv;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class KvLineTest {
  @Test
  void commandsAreWords() throws MalformedLineException {
    assertEquals(
        new KvLine.Change(new KvCommand.Put("DE", "Germany")), KvLine.parse("put DE  Germany "));
    assertEquals(
        new KvLine.Change(new KvCommand.CompareAndSet("k", "a", "")), KvLine.parse("cas k a \"\""));
    assertEquals(new KvLine.Change(new KvCommand.Delete("k")), KvLine.parse("delete k"));
    assertEquals(new KvLine.Get("k"), KvLine.parse("get k"));
    assertEquals(KvLine.Word.STATUS, KvLine.parse("status"));
    assertEquals(KvLine.Word.BLANK, KvLine.parse("  "));
  }

  @Test
  void quotesHoldBlanksQuotesAndBackslashesTogether() throws MalformedLineException {
    String value = "a \"b\" \\c\\ ";
    assertEquals(
        new KvLine.Change(new KvCommand.Put("k", value)),
        KvLine.parse("put k " + KvLine.quote(value)));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      textBlock =
          """
          frob k       | unknown command "frob"; help lists the commands
          PUT k v      | unknown command "PUT"; help lists the commands
          put k        | put takes a key and a value, not 1 words; put double quotes around a word with blanks
          put k a b    | put takes a key and a value, not 3 words; put double quotes around a word with blanks
          get          | get takes one key, not 0 words; put double quotes around a word with blanks
          status now   | status takes nothing, not 1 words; put double quotes around a word with blanks
          put k "a     | a quote that is not closed; end the word with "
          put k "a"b   | a closing quote with more behind it; put a blank there, or write \\" within a word
          put "" v     | a key has 1 to 1024 bytes, not 0; nothing was changed
          """)
  void aWrongLineGetsOneSentence(String line, String sentence) {
    MalformedLineException no =
        assertThrows(MalformedLineException.class, () -> KvLine.parse(line));
    assertEquals(sentence, no.getMessage());
  }
}
