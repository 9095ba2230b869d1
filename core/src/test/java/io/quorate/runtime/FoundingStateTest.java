package io.quorate.runtime;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.quorate.QuorateException;
import io.quorate.spi.Configuration;
import io.quorate.spi.Configuration.Voter;
import io.quorate.spi.Entry;
import io.quorate.spi.Lead;
import io.quorate.spi.Member;
import io.quorate.spi.Stamp;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class FoundingStateTest {
  private static final UUID OLD = new UUID(1, 1);
  private static final UUID NEW = new UUID(2, 2);
  private static final List<Voter> VOTERS = List.of(new Voter(new Member(1, 5), "a:1"));

  private static SnapshotHead backup(long commandIndex) {
    Configuration was = new Configuration(OLD, 1, "script", VOTERS, 0, 0, 0);
    Entry founding = new Entry(1, 1, Entry.Kind.FOUNDING, new Stamp(3, 0), was.encode());
    return new SnapshotHead(List.of(founding), commandIndex, 9, new Lead(1, new Stamp(30, 0)));
  }

  private static FoundingState state(UUID cluster) {
    return new FoundingState(FoundingState.newest(FoundingState.head(backup(7), cluster, 0)));
  }

  @Test
  void theFenceOfTheOldClusterIsLeftBehind() {
    SnapshotHead head = FoundingState.head(backup(7), NEW, 0);
    assertEquals(new Lead(0, Stamp.NONE), head.fence());
    assertEquals(9, head.time());
  }

  @Test
  void commandsGoOnAboveAllThatWereSeen() {
    assertEquals(7 + (1L << 40), FoundingState.head(backup(7), NEW, 6).commandIndex());
    assertEquals(8 + (1L << 40), FoundingState.head(backup(7), NEW, 8).commandIndex());
    assertThrows(
        QuorateException.class, () -> FoundingState.head(backup(7), NEW, Long.MAX_VALUE - 5));
  }

  @Test
  void whoBeginsWithAnotherStateHalts() {
    Configuration same = state(NEW).founding("script", VOTERS, 0);
    Configuration empty = new Configuration(NEW, 1, "script", VOTERS, 0, 0, 0);
    assertDoesNotThrow(() -> FoundingState.check(1, state(NEW), same));
    assertDoesNotThrow(() -> FoundingState.check(1, null, empty));
    assertThrows(QuorateException.class, () -> FoundingState.check(1, null, same));
    assertThrows(QuorateException.class, () -> FoundingState.check(1, state(NEW), empty));
    assertThrows(QuorateException.class, () -> FoundingState.check(1, state(OLD), same));
  }
}
