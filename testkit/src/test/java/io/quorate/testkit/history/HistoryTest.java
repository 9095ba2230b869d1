package io.quorate.testkit.history;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.quorate.testkit.history.History.Call;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class HistoryTest {
  @Test
  @DisplayName("events are numbered as they come, and refused calls are left out")
  void order() {
    History<String, String> history = History.create();
    Call<String, String> slow = history.invoke("anna", "slow");
    history.invoke("bert", "refused").refused();
    history.invoke("bert", "unknown").unknown();
    slow.ok("done");
    history.invoke("carl", "pending");
    assertEquals(
        """
        #1..#4 anna: slow -> done
        #3.. bert: unknown -> unknown
        #5.. carl: pending -> unknown\
        """,
        history.toString());
  }

  @Test
  @DisplayName("a clock is shown, and decides nothing")
  void clock() {
    AtomicLong clock = new AtomicLong(70);
    History<String, String> history = History.timedBy(() -> clock.addAndGet(-10));
    history.invoke("anna", "ask").ok("done");
    assertEquals("#1@60..#2@50 anna: ask -> done", history.toString());
  }

  @Test
  @DisplayName("a call ends once")
  void endsOnce() {
    History<String, String> history = History.create();
    Call<String, String> call = history.invoke("anna", "ask");
    call.unknown();
    assertThrows(IllegalStateException.class, () -> call.ok("done"));
    assertThrows(IllegalStateException.class, call::refused);
    assertEquals("#1.. anna: ask -> unknown", history.toString());
  }
}
