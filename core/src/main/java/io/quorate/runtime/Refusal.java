package io.quorate.runtime;

import io.quorate.OverloadedException;
import java.time.Duration;

/**
 * A no, with when to ask again. Made once and given to all who hear it: what is refused must not
 * take the time and the memory of what is not. Immutable.
 */
final class Refusal {
  private final String why;
  private final long retryAfterMillis;
  private final OverloadedException exception;
  private final Outcome outcome;

  Refusal(String why, long retryAfterMillis) {
    this.why = why;
    this.retryAfterMillis = retryAfterMillis;
    exception = new OverloadedException(why, Duration.ofMillis(retryAfterMillis));
    outcome = Outcome.text(Outcome.Code.OVERLOADED, retryAfterMillis, why);
  }

  String why() {
    return why;
  }

  long retryAfterMillis() {
    return retryAfterMillis;
  }

  /** For a caller of this process. */
  OverloadedException exception() {
    return exception;
  }

  /** For a client. */
  Outcome outcome() {
    return outcome;
  }
}
