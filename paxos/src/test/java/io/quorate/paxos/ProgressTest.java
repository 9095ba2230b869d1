package io.quorate.paxos;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayDeque;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Label;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class ProgressTest {
  /** An Accept that nobody has answered. */
  private record Sent(long sequence, long weight) {}

  @Property(tries = 1000)
  @Label("a window has room as long as neither its messages nor its bytes are used up")
  void againstAQueue(
      @ForAll @Size(max = 600) List<@IntRange(min = 0, max = 99) Integer> draws,
      @ForAll @IntRange(min = 1, max = 400_000) int weight) {
    Progress progress = new Progress(1, 2, 10, 0);
    ArrayDeque<Sent> unanswered = new ArrayDeque<>();
    long sequence = 0;
    long sentTo = 10;
    for (int draw : draws) {
      if (draw < 70) {
        if (progress.hasRoom()) {
          sentTo += 1 + draw % 3;
          assertEquals(++sequence, progress.send(sentTo, weight));
          unanswered.add(new Sent(sequence, weight));
        }
      } else if (draw < 80) {
        long answered = sequence - Math.min(sequence, draw % 5 * 40L);
        progress.answered(answered);
        unanswered.removeIf(sent -> sent.sequence() <= answered);
      } else if (draw < 90) {
        progress.skipTo(sentTo + draw - 85);
        sentTo = Math.max(sentTo, sentTo + draw - 85);
      } else {
        progress.paused = draw % 2 == 0;
      }
      long bytes = unanswered.stream().mapToLong(Sent::weight).sum();
      boolean room =
          !progress.paused
              && unanswered.size() < Progress.WINDOW_MESSAGES
              && bytes < Progress.WINDOW_BYTES;
      assertEquals(room, progress.hasRoom());
      assertEquals(sequence, progress.sequence());
      assertEquals(sentTo, progress.sentTo());
    }
  }

  @Test
  @DisplayName("a window is not exceeded, and what was not sent is not answered")
  void bounds() {
    Progress progress = new Progress(1, 2, 0, 0);
    for (int i = 1; i <= Progress.WINDOW_MESSAGES; i++) {
      assertTrue(progress.hasRoom());
      progress.send(i, 1);
    }
    assertFalse(progress.hasRoom());
    assertThrows(IllegalStateException.class, () -> progress.send(999, 1));
    assertThrows(
        IllegalStateException.class, () -> progress.answered(Progress.WINDOW_MESSAGES + 1));
    progress.answered(1);
    assertTrue(progress.hasRoom());
    progress.send(999, Progress.WINDOW_BYTES);
    progress.answered(Progress.WINDOW_MESSAGES);
    assertFalse(progress.hasRoom(), "one large message fills it");
    progress.answered(Progress.WINDOW_MESSAGES + 1);
    progress.answered(3);
    assertTrue(progress.hasRoom(), "an answer that comes late takes nothing back");
  }
}
