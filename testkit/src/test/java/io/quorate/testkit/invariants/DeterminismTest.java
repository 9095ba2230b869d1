package io.quorate.testkit.invariants;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quorate.Command;
import io.quorate.CommandRejectedException;
import io.quorate.StateMachine;
import io.quorate.spi.Stamp;
import io.quorate.testkit.Rules;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** State machines that cannot be replicated, each found out, with the command by name. */
class DeterminismTest {
  private static final int COMMANDS = 200;

  /** A machine whose state is texts; what it does wrong is said by each test. */
  private abstract static class Texts implements StateMachine {
    Collection<String> texts = new ArrayList<>();

    abstract String reply(Command command);

    @Override
    public byte[] apply(Command command) {
      return reply(command).getBytes(UTF_8);
    }

    @Override
    public void snapshot(OutputStream out) throws IOException {
      DataOutputStream data = new DataOutputStream(out);
      data.writeInt(texts.size());
      for (String text : texts) {
        data.writeUTF(text);
      }
    }

    @Override
    public void restore(InputStream in) throws IOException {
      texts.clear();
      add(in);
    }

    void add(InputStream in) throws IOException {
      DataInputStream data = new DataInputStream(in);
      for (int left = data.readInt(); left > 0; left--) {
        texts.add(data.readUTF());
      }
    }
  }

  private static String text(Command command) {
    return new String(command.bytes(), UTF_8);
  }

  /** Three replicas apply the same, one restarts half way; then the replay. */
  private static @Nullable String run(Supplier<StateMachine> machines, long seed) {
    Verdict elsewhere = new Verdict();
    Laws laws =
        new Laws(elsewhere, Rules.LOG_SHAPED, Comparator.comparingLong(Stamp::high), () -> 0);
    for (int id = 1; id <= 3; id++) {
      laws.disk(id, new SyncedImage(elsewhere, id));
    }
    Ledger ledger = new Ledger(elsewhere, laws, bytes -> new String(bytes, UTF_8));
    Verdict verdict = new Verdict();
    Determinism determinism = new Determinism(verdict, ledger, machines, seed);
    for (int id : new int[] {1, 2, 3, 2}) {
      Specimen specimen = determinism.specimen(id);
      CommandIndex life = ledger.life(id);
      for (int i = 1; i <= COMMANDS; i++) {
        Command command = new Plain(i, i * 10L, "c" + i);
        Answer answer;
        try {
          answer = Answer.of(specimen.apply(command));
        } catch (CommandRejectedException no) {
          answer = Answer.of(no);
        }
        ledger.applied(id, life, command, answer);
        determinism.applied(specimen, i, answer);
      }
    }
    determinism.replay();
    return verdict.broken();
  }

  private static String broken(Supplier<StateMachine> machines) {
    String broken = run(machines, 1);
    assertNotNull(broken, "nothing was found");
    assertTrue(
        Pattern.compile("command (\\d+) \"c\\1\"").matcher(broken).find(),
        () -> "names no command: " + broken);
    return broken;
  }

  private static void assertSays(String part, String broken) {
    assertTrue(broken.contains(part), () -> "\"" + part + "\" is not in: " + broken);
  }

  @Test
  void aNanoClockInAReply() {
    String broken =
        broken(
            () ->
                new Texts() {
                  @Override
                  String reply(Command command) {
                    return "at " + System.nanoTime();
                  }
                });
    assertSays("IC20 Deterministic: command 1 \"c1\": member 1 replied \"at ", broken);
    assertSays("but member 2 replied \"at ", broken);
  }

  @Test
  void aWallClockThatAllReplicasReadInOneMillisecond() {
    for (int i = 0; i < 20; i++) {
      String broken =
          broken(
              () ->
                  new Texts() {
                    @Override
                    String reply(Command command) {
                      return "at " + System.currentTimeMillis();
                    }
                  });
      assertSays("IC20 Deterministic", broken);
    }
  }

  @Test
  void aRandomNumberInTheState() {
    String broken =
        broken(
            () ->
                new Texts() {
                  @Override
                  String reply(Command command) {
                    texts.add(UUID.randomUUID().toString());
                    return "added";
                  }
                });
    assertSays("command 1 \"c1\": same reply, but another state after it, at member 1", broken);
  }

  @Test
  void anOrderThatIdentityDecides() {
    String broken =
        broken(
            () ->
                new Texts() {
                  private final Set<StringBuilder> all = new HashSet<>();

                  @Override
                  String reply(Command command) {
                    all.add(new StringBuilder(text(command)));
                    return String.join(" ", all);
                  }
                });
    assertSays("IC20 Deterministic", broken);
  }

  @Test
  void anOrderThatTheHistoryOfAMapDecides() {
    String broken =
        broken(
            () ->
                new Texts() {
                  private final Map<String, String> all = new HashMap<>();

                  @Override
                  String reply(Command command) {
                    // Grows to forty keys and shrinks to three, again and again.
                    long place = command.index() % 80;
                    if (place < 40) {
                      all.put("key" + place, text(command));
                    } else if (place < 77) {
                      all.remove("key" + (place - 40));
                    }
                    texts = all.keySet();
                    return "done";
                  }

                  @Override
                  void add(InputStream in) throws IOException {
                    texts = new ArrayList<>();
                    super.add(in);
                    texts.forEach(key -> all.put(key, ""));
                    texts = all.keySet();
                  }
                });
    assertSays("IC22 SnapshotIsWhole", broken);
    assertSays("writes another snapshot", broken);
  }

  @Test
  void aFieldThatTheSnapshotLacks() {
    String broken =
        broken(
            () ->
                new Texts() {
                  private int count;

                  @Override
                  String reply(Command command) {
                    return "count " + ++count;
                  }
                });
    assertSays("(a copy, restored from its snapshot after command ", broken);
    assertSays("replied \"count ", broken);
  }

  @Test
  void aRestoreThatAddsToWhatIsThere() {
    for (long seed = 0; seed < 5; seed++) {
      String broken =
          run(
              () ->
                  new Texts() {
                    @Override
                    String reply(Command command) {
                      texts.add(text(command));
                      return "added";
                    }

                    @Override
                    public void restore(InputStream in) throws IOException {
                      add(in);
                    }
                  },
              seed);
      assertNotNull(broken);
      assertSays("IC22 SnapshotIsWhole", broken);
      assertSays("the state after command ", broken);
    }
  }

  /** Keys of the snapshot replace, others stay: no copy of an earlier state can show that. */
  @Test
  void aRestoreThatKeepsLaterKeys() {
    String broken =
        broken(
            () ->
                new Texts() {
                  private final Map<String, String> all = new TreeMap<>();

                  @Override
                  String reply(Command command) {
                    all.put(text(command), "");
                    texts = all.keySet();
                    return "put";
                  }

                  @Override
                  public void restore(InputStream in) throws IOException {
                    texts = new ArrayList<>();
                    add(in);
                    texts.forEach(key -> all.put(key, ""));
                    texts = all.keySet();
                  }
                });
    assertSays("IC22 SnapshotIsWhole", broken);
    assertSays("the state after command 200", broken);
  }

  @Test
  void aBufferThatIsKept() {
    String broken =
        broken(
            () ->
                new Texts() {
                  private @Nullable ByteBuffer kept;

                  @Override
                  String reply(Command command) {
                    kept = command.buffer();
                    return "kept";
                  }

                  @Override
                  public void snapshot(OutputStream out) throws IOException {
                    byte[] bytes = new byte[kept == null ? 0 : kept.remaining()];
                    if (kept != null) {
                      kept.duplicate().get(bytes);
                    }
                    out.write(bytes);
                  }

                  @Override
                  public void restore(InputStream in) throws IOException {
                    kept = ByteBuffer.wrap(in.readAllBytes());
                  }
                });
    assertSays("same reply, but another state after it", broken);
  }

  @Test
  void aCommandThatIsKept() {
    Supplier<StateMachine> machines =
        () ->
            new Texts() {
              private @Nullable Command kept;

              @Override
              String reply(Command command) {
                String reply = kept == null ? "first" : text(kept);
                kept = command;
                return reply;
              }
            };
    IllegalStateException thrown =
        assertThrows(IllegalStateException.class, () -> run(machines, 1));
    assertSays("(index 1) was kept", String.valueOf(thrown.getMessage()));
  }

  @Test
  void aFieldThatAllInstancesShare() {
    AtomicLong shared = new AtomicLong();
    String broken =
        broken(
            () ->
                new Texts() {
                  @Override
                  String reply(Command command) {
                    return "count " + shared.incrementAndGet();
                  }
                });
    assertSays(
        "command 1 \"c1\": member 1 replied \"count 1\", but member 2 replied \"count 201\"",
        broken);
  }

  @Test
  void aRejectionThatIsAReplyElsewhere() {
    AtomicLong machines = new AtomicLong();
    String broken =
        broken(
            () -> {
              boolean strict = machines.incrementAndGet() > 1;
              return new Texts() {
                @Override
                String reply(Command command) {
                  if (strict && command.index() == 5) {
                    throw new CommandRejectedException("no");
                  }
                  return "no";
                }
              };
            });
    assertSays("command 5 \"c5\"", broken);
    assertSays("rejected it: \"no\"", broken);
  }

  @Test
  void aLargeStateIsComparedAtIntervals() {
    AtomicLong hundredths = new AtomicLong();
    String broken =
        broken(
            () ->
                new Texts() {
                  @Override
                  String reply(Command command) {
                    texts.add(text(command) + " is long enough to be large soon".repeat(9));
                    if (command.index() == 100 && hundredths.incrementAndGet() == 2) {
                      texts.add("one more");
                    }
                    return "added";
                  }
                });
    assertSays("same reply, but another state", broken);
    assertSays("it was last compared after command ", broken);
    assertSays(" made the difference", broken);
  }

  @Test
  void aMachineThatDoesItAllRightIsNone() {
    for (long seed = 0; seed < 20; seed++) {
      assertNull(
          run(
              () ->
                  new Texts() {
                    @Override
                    String reply(Command command) {
                      if (command.index() % 7 == 0) {
                        throw new CommandRejectedException("not " + text(command));
                      }
                      byte[] bytes = new byte[command.length()];
                      command.buffer().get(bytes);
                      texts.add(new String(bytes, UTF_8) + " of " + command.time());
                      return texts.size() + " in session " + command.session();
                    }
                  },
              seed));
    }
  }

  @Test
  void aMachineWithoutSnapshotsIsHeldToItsReplies() {
    AtomicLong machines = new AtomicLong();
    Supplier<StateMachine> same =
        () -> {
          boolean odd = machines.incrementAndGet() > 4;
          return new Texts() {
            @Override
            String reply(Command command) {
              texts.add(text(command));
              return odd ? "odd" : "even";
            }

            @Override
            public void snapshot(OutputStream out) {
              throw new UnsupportedOperationException();
            }
          };
        };
    String broken = run(same, 1);
    assertNotNull(broken);
    assertSays("a fresh machine in a replay of all commands at the end replied \"odd\"", broken);
    assertEquals(5, machines.get()); // No copies.
  }
}
