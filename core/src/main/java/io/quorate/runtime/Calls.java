package io.quorate.runtime;

import io.quorate.ReadMode;
import io.quorate.Reply;
import java.nio.ByteBuffer;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** What callers wait for; each is its own node in the mailbox. */
final class Calls {
  private Calls() {}

  /** A proposal or a query of this process. */
  interface Call extends Mailbox.Node<Call> {
    /** Settles the call with a failure, unless it is settled. */
    boolean fail(Throwable cause);

    /** The bytes that were admitted. */
    int length();
  }

  /** A command of this process: a future that is its own queue node. */
  static class Proposal extends CompletableFuture<Reply> implements Call, Batch.Source {
    private static final SessionId UNNAMED = new SessionId(0, 0);

    final byte[] command;
    final long deadline;

    /** How many copies of it may be on their way or in a log. Loop only. */
    int copies;

    SessionId session = UNNAMED;
    long sequence;
    long mark;

    /** What has taken its place when nobody waited for it any more. Loop only. */
    @Nullable Unresolved unresolved;

    private @Nullable Call next;

    Proposal(byte[] command, long deadline) {
      this.command = command;
      this.deadline = deadline;
    }

    /** The same command under the same number. */
    private Proposal(Proposal of, long deadline) {
      this(of.command, deadline);
      copies = of.copies;
      session = of.session;
      sequence = of.sequence;
      mark = of.mark;
    }

    @Override
    public boolean fail(Throwable cause) {
      return completeExceptionally(cause);
    }

    @Override
    public SessionId session() {
      return session;
    }

    @Override
    public long sequence() {
      return sequence;
    }

    @Override
    public long mark() {
      return mark;
    }

    @Override
    public ByteBuffer command() {
      return ByteBuffer.wrap(command);
    }

    @Override
    public int length() {
      return command.length;
    }

    @Override
    public @Nullable Call next() {
      return next;
    }

    @Override
    public void next(@Nullable Call node) {
      next = node;
    }
  }

  /**
   * Holds the number of a command whose outcome was not known in time, so that a retry can resolve
   * it; nobody sends it. Completes with the outcome, should that come after all.
   */
  static final class Unresolved extends Proposal {
    Unresolved(Proposal late) {
      super(late, late.deadline);
    }
  }

  /** A caller asks again what became of a command. */
  static final class Retry extends Proposal {
    final Unresolved of;

    Retry(Unresolved of, long deadline) {
      super(of, deadline);
      this.of = of;
    }
  }

  /** A question to the state machine; of this process, or of a client's connection. */
  static class Query extends CompletableFuture<byte[]> implements Call {
    /** The question that is not put to the state machine: it only waits for its turn. */
    static final byte[] NOTHING = new byte[0];

    final byte[] question;
    final long deadline;
    final ReadMode mode;

    /** The command index that its answer must not be older than. */
    final long seen;

    /** How old the state may be that answers it; below 0 if that is no matter. */
    final long ageNanosMax;

    private @Nullable Call next;

    /** A query that need not be confirmed where the state is known to be that young. */
    Query(byte[] question, long deadline, long ageNanosMax) {
      this(question, deadline, ReadMode.LINEARIZABLE, 0, ageNanosMax);
    }

    /** A query with the promise of a mode. */
    Query(byte[] question, long deadline, ReadMode mode) {
      this(question, deadline, mode, 0, -1);
    }

    /** A query of a session that has seen so many commands. */
    private Query(byte[] question, long deadline, ReadMode mode, long seen, long ageNanosMax) {
      this.question = question;
      this.deadline = deadline;
      this.mode = mode;
      this.seen = seen;
      this.ageNanosMax = ageNanosMax;
    }

    @Override
    public int length() {
      return question.length;
    }

    @Override
    public boolean fail(Throwable cause) {
      return completeExceptionally(cause);
    }

    @Override
    public @Nullable Call next() {
      return next;
    }

    @Override
    public void next(@Nullable Call node) {
      next = node;
    }
  }

  /** A question that came over a client's connection. */
  static final class ClientQuery extends Query {
    final int client;
    final long id;

    ClientQuery(
        int client,
        long id,
        byte[] question,
        long deadline,
        ReadMode mode,
        long seen,
        long ageNanosMax) {
      super(question, deadline, mode, seen, ageNanosMax);
      this.client = client;
      this.id = id;
    }
  }

  /** A command that came over a connection: a client's, or forwarded by a member. */
  static final class Received implements Batch.Source {
    /** The client's connection; 0 for a member, whose replica hears of the outcome by applying. */
    final int client;

    private final SessionId session;
    private final long sequence;
    private final long mark;
    private final ByteBuffer command;

    Received(int client, SessionId session, long sequence, long mark, ByteBuffer command) {
      this.client = client;
      this.session = session;
      this.sequence = sequence;
      this.mark = mark;
      this.command = command;
    }

    @Override
    public SessionId session() {
      return session;
    }

    @Override
    public long sequence() {
      return sequence;
    }

    @Override
    public long mark() {
      return mark;
    }

    @Override
    public ByteBuffer command() {
      return command.duplicate();
    }

    @Override
    public int length() {
      return command.remaining();
    }
  }
}
