package io.quorate.runtime;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.quorate.CommandRejectedException;
import io.quorate.NotLeaderException;
import io.quorate.OutcomeUnknownException;
import io.quorate.OverloadedException;
import io.quorate.QuorateException;
import io.quorate.Reply;
import io.quorate.ReplyNotKeptException;
import io.quorate.SessionExpiredException;
import io.quorate.TooStaleException;
import io.quorate.TransferFailedException;
import io.quorate.UnsupportedByEngineException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;

/**
 * What became of a command or query: kept in the session table, sent to clients.
 *
 * @param code also its number on the wire
 * @param index the command index, or what the code says; 0 where there is none
 * @param value the reply, or the text of the refusal
 */
record Outcome(Code code, long index, byte[] value) {
  enum Code {
    /** Applied. */
    OK(0),
    /** The state machine said no. */
    REJECTED(1),
    /** Certainly not applied; the index is the leader's member id. */
    NOT_LEADER(2),
    /** Not accepted; the index is after how many milliseconds to try again. */
    OVERLOADED(3),
    /** The session is not known any more. */
    EXPIRED(4),
    /** The sequence is outside the session's window: an old copy, or too far ahead. */
    OUT_OF_WINDOW(5),
    /** A query failed; or, with an index, the command was applied and its reply is not there. */
    FAILED(6),
    /** The engine cannot do what was asked for. */
    UNSUPPORTED(7),
    /** Leadership was not handed over. */
    NOT_TRANSFERRED(8),
    /** What is applied may be older than a read allows: so many milliseconds; -1 if not known. */
    TOO_STALE(9);

    private static final Code[] BY_CODE = values();
    private final int number;

    Code(int number) {
      this.number = number;
    }

    /** The code's number on the wire. */
    int number() {
      return number;
    }

    static Code of(int code) {
      if (code < 0 || code >= BY_CODE.length) {
        throw new IllegalArgumentException("no outcome has the code " + code);
      }
      return BY_CODE[code];
    }
  }

  private static final long HINT_MAX = 3_600_000;

  static Outcome text(Code code, long index, String text) {
    return new Outcome(code, index, text.getBytes(UTF_8));
  }

  String text() {
    return new String(value, UTF_8);
  }

  /** Settles a proposal. */
  void settle(CompletableFuture<Reply> future) {
    if (code == Code.OK) {
      future.complete(new Reply(index, value));
    } else {
      future.completeExceptionally(exception());
    }
  }

  QuorateException exception() {
    return switch (code) {
      case OK -> throw new IllegalStateException("no exception says OK");
      case REJECTED -> new CommandRejectedException(text());
      case NOT_LEADER -> new NotLeaderException(text(), (int) index);
      case OVERLOADED ->
          new OverloadedException(
              text(), Duration.ofMillis(Math.max(1, Math.min(index, HINT_MAX))));
      case EXPIRED -> new SessionExpiredException(text(), true);
      case OUT_OF_WINDOW -> new OutcomeUnknownException(text());
      case NOT_TRANSFERRED -> new TransferFailedException(text());
      case TOO_STALE ->
          new TooStaleException(
              text(), index < 0 ? TooStaleException.UNKNOWN : Duration.ofMillis(index));
      case UNSUPPORTED -> new UnsupportedByEngineException(text());
      case FAILED ->
          index == 0
              ? new QuorateException(text())
              : new ReplyNotKeptException(
                  "the command is applied (index " + index + "), but " + text(), index);
    };
  }
}
