package io.quorate.examples.kv;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.quorate.CommandRejectedException;
import io.quorate.NotLeaderException;
import io.quorate.OutcomeUnknownException;
import io.quorate.OverloadedException;
import io.quorate.Reply;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class KvConsoleTest {
  private final Deque<RuntimeException> failures = new ArrayDeque<>();
  private final KvConsole console = new KvConsole(new Store());

  /** A map of one; fails as long as failures are queued. */
  private final class Store implements KvStore {
    private final KvMachine machine = new KvMachine();
    private long index;

    @Override
    public CompletableFuture<Reply> propose(byte[] command) {
      RuntimeException failure = failures.poll();
      if (failure != null) {
        return CompletableFuture.failedFuture(failure);
      }
      try {
        byte[] value = machine.apply(new FakeCommand(++index, command));
        return CompletableFuture.completedFuture(new Reply(index, value));
      } catch (CommandRejectedException e) {
        return CompletableFuture.failedFuture(e);
      }
    }

    @Override
    public CompletableFuture<byte[]> query(byte[] question) {
      return CompletableFuture.completedFuture(machine.query(question));
    }

    @Override
    public String status() {
      return "member=1 role=leader";
    }

    @Override
    public String explain() {
      return "all is well";
    }
  }

  @Test
  void aConversation() {
    assertEquals("ok, command 1", console.answer("put GB \"United Kingdom\""));
    assertEquals("\"United Kingdom\"", console.answer("get GB"));
    assertEquals("ok, command 2", console.answer("cas GB \"United Kingdom\" UK"));
    assertEquals("ok, command 3", console.answer("delete GB"));
    assertEquals("absent", console.answer("get GB"));
    assertEquals("member=1 role=leader", console.answer("status"));
    assertEquals("", console.answer(" "));
  }

  @Test
  void whateverHappensIsOneSentenceAndTheNextLineIsServed() {
    failures.add(new OutcomeUnknownException("the leader was lost"));
    failures.add(new NotLeaderException("no leader is known", 0));
    failures.add(new OverloadedException("65536 commands wait", Duration.ofMillis(50)));
    failures.add(new IllegalStateException("closed"));
    assertEquals(
        "error: outcome unknown: the leader was lost; get tells what the key holds now",
        console.answer("put k v"));
    assertEquals("error: not applied: no leader is known; try again", console.answer("put k v"));
    assertEquals(
        "error: not accepted: 65536 commands wait; try again in 50 ms", console.answer("put k v"));
    assertEquals("error: failed: closed", console.answer("put k v"));
    assertEquals("error: rejected: key \"k\" is absent", console.answer("delete k"));
    assertEquals(
        "error: unknown command \"frob\"; help lists the commands", console.answer("frob"));
    assertEquals("ok, command 2", console.answer("put k v"));
  }

  @Test
  void aLineThatIsTooLongOrNoTextIsSkippedAndTheNextOneServed() throws IOException {
    byte[] lines =
        ("put k " + "v".repeat(LineReader.BYTES_MAX) + "\nput k \u0000v\r\nget k\nquit\nget k\n")
            .getBytes(UTF_8);
    lines[lines.length - 21] = (byte) 0xff;
    List<String> answers = new ArrayList<>();
    LineServer.talk(new LineReader(new ByteArrayInputStream(lines)), answers::add, console);
    assertEquals(
        List.of(
            "error: a line of 1048582 bytes; write at most 1048576",
            "error: a line that is no UTF-8; write UTF-8",
            "absent",
            "bye"),
        answers);
  }

  @Test
  void theLastLineNeedsNoLineBreak() throws Exception {
    LineReader reader = new LineReader(new ByteArrayInputStream("a\n\nb".getBytes(UTF_8)));
    assertEquals("a", reader.next());
    assertEquals("", reader.next());
    assertEquals("b", reader.next());
    assertNull(reader.next());
  }

  @Test
  void aLineWithBadBytesIsToldFromTheEnd() {
    LineReader reader = new LineReader(new ByteArrayInputStream(new byte[] {(byte) 0xff}));
    assertThrows(MalformedLineException.class, reader::next);
  }
}
