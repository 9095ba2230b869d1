package io.quorate.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class MailboxTest {
  private static final class Mail implements Mailbox.Node<Mail> {
    final int sender;
    final int number;
    private @Nullable Mail next;

    Mail(int sender, int number) {
      this.sender = sender;
      this.number = number;
    }

    @Override
    public @Nullable Mail next() {
      return next;
    }

    @Override
    public void next(@Nullable Mail node) {
      next = node;
    }
  }

  @Test
  void allIsTakenFromTheOldestOnAndOnlyTheFirstWakes() {
    Mailbox<Mail> box = new Mailbox<>();
    assertNull(box.takeAll());
    assertTrue(box.put(new Mail(0, 1)));
    assertFalse(box.put(new Mail(0, 2)));
    assertFalse(box.put(new Mail(0, 3)));
    assertFalse(box.isEmpty());
    List<Integer> taken = new ArrayList<>();
    for (Mail mail = box.takeAll(); mail != null; mail = mail.next()) {
      taken.add(mail.number);
    }
    assertEquals(List.of(1, 2, 3), taken);
    assertTrue(box.isEmpty());
    assertTrue(box.put(new Mail(0, 4)));
  }

  @Test
  void manyThreadsLoseNothingAndKeepTheirOwnOrder() throws InterruptedException {
    int senders = 4;
    int each = 50_000;
    Mailbox<Mail> box = new Mailbox<>();
    AtomicInteger wakes = new AtomicInteger();
    List<Thread> threads = new ArrayList<>();
    for (int s = 0; s < senders; s++) {
      int sender = s;
      Thread thread =
          new Thread(
              () -> {
                for (int i = 0; i < each; i++) {
                  if (box.put(new Mail(sender, i))) {
                    wakes.incrementAndGet();
                  }
                }
              });
      threads.add(thread);
      thread.start();
    }
    int[] expected = new int[senders];
    int taken = 0;
    int drains = 0;
    while (taken < senders * each) {
      Mail mail = box.takeAll();
      drains += mail == null ? 0 : 1;
      for (; mail != null; mail = mail.next()) {
        assertEquals(expected[mail.sender]++, mail.number);
        taken++;
      }
    }
    for (Thread thread : threads) {
      thread.join();
    }
    assertEquals(drains, wakes.get());
    assertTrue(box.isEmpty());
  }
}
