package io.quorate.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quorate.spi.Configuration;
import io.quorate.spi.Configuration.Voter;
import io.quorate.spi.Entry;
import io.quorate.spi.Member;
import io.quorate.spi.Stamp;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class PeersTest {
  private final List<String> refusals = new ArrayList<>();
  private final Peers peers =
      new Peers(new Member(1, 11), (member, known) -> refusals.add(member + "/" + known));

  @Test
  void beforeTheGroupIsFoundedEveryoneIsHeard() {
    assertTrue(peers.admits(2, 5));
    assertTrue(peers.admits(2, 6));
  }

  @Test
  void aKnownIdWithAnotherIncarnationIsRefusedByNameAndToldOnce() {
    peers.configured(founding(11, 22));
    assertTrue(peers.admits(2, 22));
    assertFalse(peers.admits(2, 23));
    assertFalse(peers.admits(2, 23));
    assertEquals(List.of("2/22"), refusals);
    assertTrue(peers.findings(List.of(2)).get(0).contains("incarnation 17"));
    peers.connected(2);
    assertFalse(peers.admits(2, 23));
    assertEquals(List.of("2/22", "2/22"), refusals);
  }

  @Test
  void aStrangerIsNotHeardWhateverItSays() {
    peers.configured(founding(11, 22));
    assertFalse(peers.admits(9, 0));
    assertFalse(peers.admits(9, 1));
    assertEquals(List.of(), refusals);
  }

  @Test
  void aReplicaWhoseOwnDiskWasReplacedSaysSo() {
    peers.configured(founding(99, 22));
    assertTrue(peers.findings(List.of()).get(0).contains("takes no part"));
  }

  @Test
  void beingRefusedUnderTheOwnIncarnationIsNoTrouble() {
    peers.refusedBy(2, 11);
    assertEquals(List.of(), peers.findings(List.of()));
    peers.refusedBy(2, 12);
    assertEquals(1, peers.findings(List.of()).size());
  }

  @Test
  void whoIsNotConnectedIsNamed() {
    peers.connected(2);
    assertEquals(List.of("member 3 is not connected"), peers.findings(List.of(1, 2, 3)));
    assertTrue(peers.isUp(2));
    assertTrue(peers.disconnected(2, false));
    assertTrue(peers.isUp(2), "what it dialled broke, what we dialled stands");
    assertTrue(peers.disconnected(2, true));
    assertFalse(peers.disconnected(2, true));
    assertEquals(2, peers.findings(List.of(1, 2, 3)).size());
  }

  private static Entry founding(long first, long second) {
    Configuration configuration =
        new Configuration(
            new UUID(1, 2),
            1,
            "script",
            List.of(
                new Voter(new Member(1, first), "a:1"), new Voter(new Member(2, second), "b:2")),
            0,
            0,
            0);
    return new Entry(1, 1, Entry.Kind.FOUNDING, Stamp.NONE, configuration.encode());
  }
}
