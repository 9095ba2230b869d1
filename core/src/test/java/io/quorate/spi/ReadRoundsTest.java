package io.quorate.spi;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/** {@link ReadRounds} at the leader, {@link ReadRequests} at who asks it. */
class ReadRoundsTest {
  private final List<String> told = new ArrayList<>();
  private final ReadRounds rounds = new ReadRounds();
  private final ReadRounds.Answers answers =
      (from, id, confirmed, index) -> told.add(from + " " + id + " " + confirmed + " " + index);
  private final ReadRequests requests = new ReadRequests();

  @Test
  void allThatWaitShareTheNextRoundAndHearItsIndex() {
    rounds.add(0, 7, answers);
    rounds.add(3, 8, answers);
    assertTrue(rounds.isWaiting());
    rounds.begin(40);
    assertEquals(1, rounds.round());
    assertFalse(rounds.isWaiting());
    assertEquals(List.of(), told);
    assertFalse(rounds.confirmed(0, answers));
    assertTrue(rounds.confirmed(1, answers));
    assertEquals(List.of("0 7 true 40", "3 8 true 40"), told);
    assertFalse(rounds.isUnderway());
  }

  @Test
  void aReadNeverJoinsARoundThatIsOnItsWay() {
    rounds.add(0, 7, answers);
    rounds.begin(40);
    rounds.add(0, 8, answers);
    assertThrows(IllegalStateException.class, () -> rounds.begin(41));
    rounds.confirmed(1, answers);
    assertEquals(List.of("0 7 true 40"), told);
    rounds.begin(41);
    assertEquals(2, rounds.round());
    rounds.confirmed(2, answers);
    assertEquals("0 8 true 41", told.get(1));
  }

  /** As those that keep a lease. */
  @Test
  void aRoundWithoutReadsConfirmsThoseThatWereAskedBefore() {
    rounds.add(0, 7, answers);
    rounds.begin(40);
    rounds.begin();
    rounds.add(0, 8, answers);
    rounds.begin();
    assertEquals(3, rounds.round());
    assertTrue(rounds.confirmed(2, answers));
    assertEquals(List.of("0 7 true 40"), told);
    rounds.begin(41);
    assertFalse(rounds.confirmed(3, answers));
    assertTrue(rounds.confirmed(4, answers));
    assertEquals("0 8 true 41", told.get(1));
  }

  @Test
  void theEndOfALeadershipRefusesAllAndOneMoreThanTheBoundIsRefusedAtOnce() {
    for (int id = 1; id <= ReadRounds.READS_MAX; id++) {
      rounds.add(2, id, answers);
      if (id == 5) {
        rounds.begin(1);
      }
    }
    assertEquals(List.of(), told);
    rounds.add(2, 99_999, answers);
    assertEquals(List.of("2 99999 false 0"), told);
    rounds.fail(answers);
    assertEquals(1 + ReadRounds.READS_MAX, told.size());
    assertEquals("2 1 false 0", told.get(1));
    assertFalse(rounds.isWaiting() || rounds.isUnderway());
  }

  @Test
  void aTokenAnswersOneReadOnce() {
    Effects<?> out = effects();
    requests.add(100, 7, out);
    requests.add(101, 8, out);
    requests.answered(101, true, 40, out);
    requests.answered(101, true, 50, out);
    requests.answered(999, true, 50, out);
    requests.answered(100, false, 0, out);
    assertEquals(List.of("readable [8, 40]", "unreadable [7]"), told);
  }

  @Test
  void theOldestRequestGivesWayToOneMoreThanTheBound() {
    Effects<?> out = effects();
    for (int id = 0; id < 4096; id++) {
      requests.add(1000 + id, id, out);
    }
    assertEquals(List.of(), told);
    requests.add(9999, 4096, out);
    assertEquals(List.of("unreadable [0]"), told);
    requests.fail(out);
    assertEquals(4097, told.size());
    requests.fail(out);
    assertEquals(4097, told.size());
  }

  /** Writes down which method was called, and with what. */
  private Effects<?> effects() {
    return (Effects<?>)
        Proxy.newProxyInstance(
            Effects.class.getClassLoader(),
            new Class<?>[] {Effects.class},
            (proxy, method, arguments) -> {
              told.add(method.getName() + " " + Arrays.toString(arguments));
              return null;
            });
  }
}
