package io.quorate.examples.ring;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quorate.examples.cli.Program;
import io.quorate.ring.Ring;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.w3c.dom.Document;
import org.w3c.dom.NodeList;
import org.xml.sax.SAXException;
import picocli.CommandLine;

class DrawRingTest {
  @TempDir Path directory;

  private Document drawn(String... options)
      throws IOException, ParserConfigurationException, SAXException {
    Path file = directory.resolve("ring.svg");
    String[] arguments = new String[options.length + 2];
    System.arraycopy(options, 0, arguments, 0, options.length);
    arguments[options.length] = "--out";
    arguments[options.length + 1] = file.toString();
    assertEquals(0, Program.run(new DrawRing(), arguments));
    byte[] svg = Files.readString(file).getBytes(StandardCharsets.UTF_8);
    return DocumentBuilderFactory.newInstance()
        .newDocumentBuilder()
        .parse(new ByteArrayInputStream(svg));
  }

  private static List<String> owners(Document svg) {
    NodeList titles = svg.getElementsByTagName("title");
    return IntStream.range(0, titles.getLength())
        .mapToObj(i -> titles.item(i).getTextContent())
        .toList();
  }

  @Test
  void eachNodeHasItsArcs() throws Exception {
    List<String> owners = owners(drawn("--nodes", "a,b:2,<c>"));
    assertEquals(List.of("<c>", "a", "b"), owners.stream().distinct().sorted().toList());
    assertTrue(owners.size() > 16, "64 tokens, some of them neighbours");
  }

  @Test
  void aLoneNodeIsAWholeCircle() throws Exception {
    assertEquals(List.of("a", "a", "a", "a"), owners(drawn("--nodes", "a")));
  }

  @Test
  void whatJoinsIsAllThatMoves() throws Exception {
    Document before = drawn("--nodes", "a,b,c");
    Document after = drawn("--nodes", "a,b,c", "--add", "d");
    List<String> moved = owners(after).subList(owners(before).size(), owners(after).size());
    assertEquals(List.of("d"), moved.stream().distinct().toList());
    Ring<String> ring = Ring.<String>builder().tokens(16).add("a").add("b").add("c").build();
    String share = String.format(Locale.ROOT, "%.1f %%", 100 * ring.with("d").share("d"));
    assertTrue(after.getDocumentElement().getTextContent().contains("inside: " + share + " moved"));
  }

  @Test
  void badInputIsExplained() {
    assertTrue(message("--nodes", "a,a").contains("a already"));
    assertTrue(message("--nodes", "a,,b").contains("no name"));
    assertTrue(message("--remove", "x").contains("no node x"));
    assertTrue(message("--tokens", "0").contains("1 to 4096"));
  }

  private static String message(String... arguments) {
    StringWriter err = new StringWriter();
    CommandLine ring = Program.line(new DrawRing()).setErr(new PrintWriter(err));
    assertEquals(Program.MISUSED, ring.execute(arguments));
    return err.toString();
  }
}
