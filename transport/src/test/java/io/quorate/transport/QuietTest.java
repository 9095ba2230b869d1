package io.quorate.transport;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.slf4j.Logger;

/** A member that is down costs one line and few dials. */
class QuietTest {
  private final List<String> levels = new ArrayList<>();
  private final Logger logger =
      (Logger)
          Proxy.newProxyInstance(
              Logger.class.getClassLoader(),
              new Class<?>[] {Logger.class},
              (proxy, method, arguments) -> {
                levels.add(method.getName());
                return null;
              });

  @Test
  void aMemberThatIsDownIsOneLineHoweverOftenItIsDialled() {
    MemberLog log = new MemberLog(2, true, logger);
    for (int i = 0; i < 3_600; i++) {
      log.lost("b:7002", "try " + i);
    }
    assertEquals(List.of("warn"), levels);
  }

  @Test
  void eachChangeIsOneLine() {
    MemberLog log = new MemberLog(2, true, logger);
    log.lost("b:7002", "nothing listens there");
    log.up("b:7002");
    log.refused("b:7002", "another cluster");
    log.refused("b:7002", "another cluster");
    log.up("b:7002");
    assertEquals(List.of("warn", "info", "warn", "info"), levels);
  }

  @Test
  void aMemberThatFlapsIsHeldToABudget() {
    MemberLog log = new MemberLog(2, true, logger);
    for (int i = 0; i < 1_000; i++) {
      log.refused("b:7002", "reason " + i);
    }
    assertEquals(List.of("warn", "warn", "warn"), levels);
  }

  @Test
  void onlyOneLoopSpeaksForAMember() {
    MemberLog log = new MemberLog(2, false, logger);
    log.lost("b:7002", "nothing listens there");
    log.up("b:7002");
    assertEquals(List.of(), levels);
  }

  @Test
  void aBudgetFillsWithTime() {
    LogBudget budget = new LogBudget(2, 100, 1_000);
    assertTrue(budget.spend(1_000));
    assertTrue(budget.spend(1_050));
    assertFalse(budget.spend(1_099));
    assertTrue(budget.spend(1_100));
    assertFalse(budget.spend(1_199));
    assertTrue(budget.spend(1_900));
    assertTrue(budget.spend(1_900));
    assertFalse(budget.spend(1_900));
  }

  @Test
  void theBackOffDoublesToOneSecondAndStartsAgainAfterSuccess() {
    Backoff backoff = new Backoff();
    long ceiling = TimeUnit.MILLISECONDS.toNanos(50);
    for (int i = 0; i < 20; i++) {
      long wait = backoff.nextNanos();
      assertTrue(ceiling / 2 <= wait && wait < ceiling, wait + " under " + ceiling);
      ceiling = Math.min(2 * ceiling, TimeUnit.SECONDS.toNanos(1));
    }
    backoff.reset();
    assertTrue(backoff.nextNanos() < TimeUnit.MILLISECONDS.toNanos(50));
  }
}
