package io.quorate.examples.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

class ArgsTest {
  private static Args parse(String... arguments) {
    return Args.parse(Set.of("id", "data"), Set.of("quiet"), arguments);
  }

  private static void assertMisused(String sentence, Executable use) {
    assertEquals(sentence, assertThrows(UsageException.class, use).getMessage());
  }

  @Test
  void flagsSwitchesAndWordsAreToldApart() {
    Args args = parse("--id", "3", "one", "--data=a=b", "--quiet", "-");
    assertEquals(3, args.number("id", 0, 1, 9));
    assertEquals("a=b", args.text("data", ""));
    assertTrue(args.has("quiet"));
    assertFalse(args.has("help"));
    assertEquals(List.of("one", "-"), args.words());
  }

  @Test
  void whatIsWrongIsOneSentenceWithTheRemedy() {
    assertMisused(
        "unknown flag --foo; there are --data, --help, --id, --quiet", () -> parse("--foo"));
    assertMisused("--id needs a value; --help explains it", () -> parse("--id"));
    assertMisused("--quiet takes no value; write it alone", () -> parse("--quiet=1"));
    assertMisused("--id is given twice; give it once", () -> parse("--id=1", "--id=2"));
    assertMisused(
        "--id is \"x\"; write a number from 1 to 9", () -> parse("--id=x").number("id", 0, 1, 9));
    assertMisused(
        "--id is \"10\"; write a number from 1 to 9", () -> parse("--id=10").number("id", 0, 1, 9));
    assertMisused(
        "--data is missing; give it, like --data /tmp",
        () -> parse().text("data", new Args.Example("/tmp")));
    assertMisused(
        "\"x\" is no flag; flags begin with --, and --help lists them",
        () -> parse("x").withoutWords());
  }
}
