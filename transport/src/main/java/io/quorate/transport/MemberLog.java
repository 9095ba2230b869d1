package io.quorate.transport;

import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;

/** Says once when a member comes, goes or refuses. Confined to a loop. */
final class MemberLog {
  /*
   * A member that is down is one line, however often it is dialled. One that comes and goes all the
   * time is held to a budget of warnings: what was not said is said by the next try, once there is
   * budget again, if it is still so.
   */

  private final int member;
  private final boolean speaks;
  private final Logger log;
  private final LogBudget budget = new LogBudget(3, TimeUnit.MINUTES.toNanos(1), System.nanoTime());
  private String said = "";

  /**
   * For one member.
   *
   * @param speaks false where another loop speaks for this one too
   */
  MemberLog(int member, boolean speaks, Logger log) {
    this.member = member;
    this.speaks = speaks;
    this.log = log;
  }

  void up(String address) {
    if (speaks && !said.equals("up")) {
      said = "up";
      log.info("member {} at {} is up", member, address);
    }
  }

  /** The reason of a loss may change from try to try without another line. */
  void lost(String address, String why) {
    if (changes("lost")) {
      log.warn("member {} at {} is lost: {}; dialling goes on", member, address, why);
    }
  }

  void refused(String address, String why) {
    if (changes("refused: " + why)) {
      log.warn("member {} at {} refused: {}; dialling goes on", member, address, why);
    }
  }

  private boolean changes(String state) {
    if (!speaks || said.equals(state) || !budget.spend(System.nanoTime())) {
      return false;
    }
    said = state;
    return true;
  }
}
