package io.quorate.examples.quickstart;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quorate.Admin;
import io.quorate.Client;
import io.quorate.NotLeaderException;
import io.quorate.OutcomeUnknownException;
import io.quorate.ReadMode;
import io.quorate.Reply;
import io.quorate.examples.kv.FakeCommand;
import io.quorate.examples.kv.KvMachine;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** An audit that has not been seen to fail proves nothing: here it is seen. */
class AuditTest {
  private final Store store = new Store();
  private final Input input =
      new Input("test", List.of(new Input.Line("a", "1"), new Input.Line("b", "2")));
  private final Load load = new Load(store, input, 1);

  /** What a write meets; the honest one by default. */
  private enum Fate {
    APPLIED,
    FORGOTTEN,
    TWICE,
    NOT_LEADER,
    UNKNOWN_APPLIED,
    UNKNOWN_LOST
  }

  private static final class Store implements Client {
    private final KvMachine machine = new KvMachine();
    private Fate next = Fate.APPLIED;
    private long index;

    @Override
    public CompletableFuture<Reply> propose(byte[] command) {
      Fate fate = next;
      next = Fate.APPLIED;
      int applies =
          switch (fate) {
            case APPLIED, UNKNOWN_APPLIED -> 1;
            case TWICE -> 2;
            case FORGOTTEN, NOT_LEADER, UNKNOWN_LOST -> 0;
          };
      for (int i = 0; i < applies; i++) {
        machine.apply(new FakeCommand(++index, command));
      }
      return switch (fate) {
        case NOT_LEADER -> CompletableFuture.failedFuture(new NotLeaderException("no", 0));
        case UNKNOWN_APPLIED, UNKNOWN_LOST ->
            CompletableFuture.failedFuture(new OutcomeUnknownException("who knows"));
        default -> CompletableFuture.completedFuture(new Reply(index, new byte[0]));
      };
    }

    @Override
    public CompletableFuture<Reply> propose(byte[] command, Duration timeout) {
      return propose(command);
    }

    @Override
    public CompletableFuture<byte[]> query(byte[] question, Duration timeout) {
      return query(question);
    }

    @Override
    public CompletableFuture<byte[]> query(byte[] question) {
      return CompletableFuture.completedFuture(machine.query(question));
    }

    @Override
    public CompletableFuture<byte[]> query(byte[] question, ReadMode mode) {
      return query(question);
    }

    @Override
    public CompletableFuture<byte[]> queryAt(int member, byte[] question, ReadMode mode) {
      return query(question);
    }

    @Override
    public CompletableFuture<byte[]> queryStale(int member, byte[] question, Duration maxAge) {
      return query(question);
    }

    @Override
    public Admin admin() {
      throw new UnsupportedOperationException();
    }

    @Override
    public int leader() {
      return 1;
    }

    @Override
    public void close() {}
  }

  private void write(Fate... fates) throws InterruptedException {
    for (Fate fate : fates) {
      store.next = fate;
      load.step();
    }
    load.drain();
  }

  @Test
  void allIsWellWhenEachWriteIsAppliedOnce() throws InterruptedException {
    write(Fate.APPLIED, Fate.APPLIED, Fate.APPLIED);
    assertEquals("r1.p2.a", load.key(2));
    assertEquals(3, load.acknowledgements());
    assertEquals(new Audit(0, 0), Audit.of(load, store));
  }

  @Test
  void anAcknowledgedWriteThatIsNotThereIsLost() throws InterruptedException {
    write(Fate.APPLIED, Fate.FORGOTTEN, Fate.APPLIED);
    assertEquals(new Audit(1, 0), Audit.of(load, store));
  }

  @Test
  void aWriteThatWasAppliedTwiceIsDuplicated() throws InterruptedException {
    write(Fate.APPLIED, Fate.TWICE);
    assertEquals(new Audit(0, 1), Audit.of(load, store));
  }

  @Test
  void aWriteThatWasCertainlyNotAppliedIsSentAgain() throws InterruptedException {
    write(Fate.APPLIED, Fate.NOT_LEADER);
    assertEquals(2, load.sent());
    assertEquals(2, load.acknowledgements());
    assertEquals(new Audit(0, 0), Audit.of(load, store));
  }

  @Test
  void aWriteOfUnknownOutcomeMayBeThereOrNot() throws InterruptedException {
    write(Fate.UNKNOWN_APPLIED, Fate.UNKNOWN_LOST);
    assertEquals(0, load.acknowledgements());
    assertEquals(2, load.unknowns());
    assertTrue(load.isUnknown(0));
    assertEquals(new Audit(0, 0), Audit.of(load, store));
  }

  @Test
  void whatAnotherRoundWroteIsNotMistakenForThisOnes() throws InterruptedException {
    Load tenth = new Load(store, input, 10);
    tenth.step();
    write(Fate.APPLIED);
    assertEquals(new Audit(0, 0), Audit.of(load, store));
  }

  @Test
  void aKeyThatTheInputHasTwiceIsExpectedTwice() throws InterruptedException {
    Input twice = new Input("test", List.of(new Input.Line("a", "1"), new Input.Line("a", "2")));
    Load both = new Load(store, twice, 2);
    both.step();
    both.step();
    assertEquals(new Audit(0, 0), Audit.of(both, store));
    store.next = Fate.TWICE;
    both.step();
    assertEquals(new Audit(0, 1), Audit.of(both, store));
  }
}
