package io.quorate.examples.kv;

import io.quorate.CommandRejectedException;
import io.quorate.NotLeaderException;
import io.quorate.OutcomeUnknownException;
import io.quorate.OverloadedException;
import io.quorate.QuorateException;
import io.quorate.Reply;
import io.quorate.SessionExpiredException;
import java.util.concurrent.CompletionException;

/**
 * Answers lines, one at a time, and never throws: a wrong line, a refusal and an unknown outcome
 * are sentences too. Blocks until there is an answer, so each user needs a thread; any thread.
 */
final class KvConsole {
  /** How the answer to a line that was not carried out begins. */
  static final String ERROR = "error: ";

  private final KvStore store;

  KvConsole(KvStore store) {
    this.store = store;
  }

  /** The answer, of one line or several, without the last line break; empty for a blank line. */
  String answer(String text) {
    try {
      return answer(KvLine.parse(text));
    } catch (MalformedLineException e) {
      return ERROR + e.sentence();
    } catch (CompletionException e) {
      return ERROR + (e.getCause() == null ? e.getMessage() : sentence(e.getCause()));
    } catch (QuorateException e) {
      return ERROR + sentence(e);
    }
  }

  /** Whether a line is {@code quit}. */
  static boolean isQuit(String text) {
    return text.strip().equals("quit");
  }

  private String answer(KvLine line) {
    if (line instanceof KvLine.Change change) {
      Reply reply = store.propose(change.command().encode()).join();
      return "ok, command " + reply.index();
    }
    if (line instanceof KvLine.Get get) {
      String value = KvQuery.Get.read(store.query(new KvQuery.Get(get.key()).encode()).join());
      return value == null ? "absent" : KvLine.quote(value);
    }
    if (line instanceof KvLine.Word word) {
      return switch (word) {
        case DIGEST ->
            KvQuery.Digest.read(store.query(new KvQuery.Digest().encode()).join()).toString();
        case STATUS -> store.status();
        case EXPLAIN -> store.explain();
        case HELP -> KvLine.HELP;
        case QUIT -> "bye";
        case BLANK -> "";
      };
    }
    throw new AssertionError(line);
  }

  private static String sentence(Throwable no) {
    String message = no.getMessage() == null ? no.toString() : no.getMessage();
    if (no instanceof CommandRejectedException) {
      return "rejected: " + message;
    }
    if (no instanceof NotLeaderException) {
      return "not applied: " + message + "; try again";
    }
    if (no instanceof SessionExpiredException expired && !expired.isMaybeApplied()) {
      return "not applied: " + message;
    }
    if (no instanceof OutcomeUnknownException || no instanceof SessionExpiredException) {
      return "outcome unknown: " + message + "; get tells what the key holds now";
    }
    if (no instanceof OverloadedException full) {
      return "not accepted: " + message + "; try again in " + full.retryAfter().toMillis() + " ms";
    }
    return "failed: " + message;
  }
}
