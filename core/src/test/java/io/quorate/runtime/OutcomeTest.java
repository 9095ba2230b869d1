package io.quorate.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

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
import io.quorate.runtime.Outcome.Code;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.Test;

class OutcomeTest {
  @Test
  void eachCodeKeepsItsNumber() {
    Code[] inOrder = {
      Code.OK,
      Code.REJECTED,
      Code.NOT_LEADER,
      Code.OVERLOADED,
      Code.EXPIRED,
      Code.OUT_OF_WINDOW,
      Code.FAILED,
      Code.UNSUPPORTED,
      Code.NOT_TRANSFERRED,
      Code.TOO_STALE
    };
    for (int i = 0; i < inOrder.length; i++) {
      assertEquals(i, inOrder[i].number());
      assertSame(inOrder[i], Code.of(i));
    }
    assertThrows(IllegalArgumentException.class, () -> Code.of(inOrder.length));
    assertThrows(IllegalArgumentException.class, () -> Code.of(-1));
  }

  @Test
  void eachCodeIsTheExceptionThatSaysWhatTheCallerMayDo() {
    Map<Code, Class<? extends QuorateException>> expected =
        Map.of(
            Code.REJECTED, CommandRejectedException.class,
            Code.NOT_LEADER, NotLeaderException.class,
            Code.OVERLOADED, OverloadedException.class,
            Code.EXPIRED, SessionExpiredException.class,
            Code.OUT_OF_WINDOW, OutcomeUnknownException.class,
            Code.FAILED, ReplyNotKeptException.class,
            Code.UNSUPPORTED, UnsupportedByEngineException.class,
            Code.NOT_TRANSFERRED, TransferFailedException.class,
            Code.TOO_STALE, TooStaleException.class);
    expected.forEach(
        (code, type) -> {
          CompletableFuture<Reply> future = new CompletableFuture<>();
          Outcome.text(code, 2, "why").settle(future);
          Throwable failure = assertThrows(CompletionException.class, future::join).getCause();
          String told = assertInstanceOf(type, failure).getMessage();
          assertTrue(told != null && told.endsWith("why"), told);
        });
  }

  @Test
  void aReplyHasItsIndexAndANotLeaderItsHint() {
    CompletableFuture<Reply> future = new CompletableFuture<>();
    byte[] value = {1};
    new Outcome(Code.OK, 7, value).settle(future);
    assertEquals(7, future.join().index());
    assertSame(value, future.join().value());
    QuorateException full = Outcome.text(Code.OVERLOADED, 70, "").exception();
    Duration hint = assertInstanceOf(OverloadedException.class, full).retryAfter();
    assertEquals(Duration.ofMillis(70), hint);
    QuorateException query = Outcome.text(Code.FAILED, 0, "why").exception();
    assertEquals(QuorateException.class, query.getClass());
    QuorateException no = Outcome.text(Code.NOT_LEADER, 3, "").exception();
    assertEquals(3, assertInstanceOf(NotLeaderException.class, no).leader());
    assertThrows(IllegalStateException.class, () -> new Outcome(Code.OK, 1, value).exception());
  }
}
