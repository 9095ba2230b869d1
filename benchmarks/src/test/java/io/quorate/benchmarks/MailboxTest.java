package io.quorate.benchmarks;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class MailboxTest {
  private final Mailbox<String> mailbox = new Mailbox<>();

  private List<String> taken() {
    List<String> items = new ArrayList<>();
    Mailbox.@Nullable Node<String> node = mailbox.takeAll();
    for (; node != null; node = node.next) {
      items.add(node.item);
    }
    return items;
  }

  @Test
  void allThatWaitsComesOldestFirst() {
    mailbox.put("a");
    mailbox.put("b");
    mailbox.put("c");

    assertEquals(List.of("a", "b", "c"), taken());
  }

  @Test
  void onlyWhoFindsItEmptyIsToldToWakeTheTaker() {
    assertTrue(mailbox.put("a"));
    assertFalse(mailbox.put("b"));
    taken();
    assertTrue(mailbox.put("c"));
  }

  @Test
  void nothingComesTwice() {
    mailbox.put("a");
    taken();

    assertNull(mailbox.takeAll());
  }
}
