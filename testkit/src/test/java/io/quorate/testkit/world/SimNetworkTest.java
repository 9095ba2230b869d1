package io.quorate.testkit.world;

import static io.quorate.testkit.world.World.MILLIS;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quorate.spi.Transport;
import io.quorate.testkit.WorldFault;
import io.quorate.testkit.world.World.Node;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class SimNetworkTest {
  private final World world = new World(7);
  private final Node one = world.node(1);
  private final Node two = world.node(2);

  SimNetworkTest() {
    one.dials(two);
    two.dials(one);
    world.pass(10 * MILLIS);
    assertEquals(List.of("up 2"), one.takeHeard());
    assertEquals(List.of("up 1"), two.takeHeard());
  }

  @Test
  void framesArriveInOrder() {
    one.says(2, 1, 2, 3);
    world.pass(MILLIS);
    assertEquals(List.of("1: 1", "1: 2", "1: 3"), two.heard);
  }

  @Test
  void bulkIsInOrderAndDelaysNothing() {
    world.network.slow(List.of(1), List.of(2), 20 * MILLIS);
    one.saysOfKind(Transport.BULK_KIND, 2, 1, 2, 3);
    world.pass(50_000);
    world.network.heal();
    one.says(2, 4);
    world.pass(30 * MILLIS);
    assertEquals(List.of("1: 4", "1: 1", "1: 2", "1: 3"), two.heard);
  }

  @Test
  void aResetLosesTheNextFrameAndLaterOnesButNothingBefore() {
    one.says(2, 1, 2);
    world.pass(50_000);
    world.network.reset(1, 2);
    assertEquals(0, world.happened(WorldFault.CONNECTION_RESET));
    one.says(2, 3, 4);
    world.pass(10 * MILLIS);
    assertEquals(1, world.happened(WorldFault.CONNECTION_RESET));
    assertEquals(List.of("1: 1", "1: 2", "down 1"), two.takeHeard());
    assertEquals(List.of("down 2"), one.takeHeard());
    world.pass(50 * MILLIS);
    one.says(2, 5);
    world.pass(MILLIS);
    assertEquals(List.of("up 2"), one.heard);
    assertEquals(List.of("1: 5"), two.heard);
  }

  @Test
  void healingTakesBackAResetThatHasNotHappened() {
    world.network.reset(1, 2);
    world.network.heal();
    one.says(2, 1);
    world.pass(MILLIS);
    assertEquals(List.of("1: 1"), two.heard);
  }

  @Test
  void whatArrivesWhileAProcessIsPausedWaitsInOrder() {
    two.life.pause(true);
    one.says(2, 1, 2);
    world.pass(MILLIS);
    one.life.crash();
    world.network.ended(one.life);
    world.pass(MILLIS);
    assertEquals(List.of(), two.heard);
    two.life.resume();
    world.pass(0);
    assertEquals(List.of("1: 1", "1: 2", "down 1", "down 1"), sorted(two.heard));
  }

  /** Which of the two connections is missed first does not matter. */
  private static List<String> sorted(List<String> heard) {
    return heard.stream().map(line -> line.replace("down 2", "down 1")).toList();
  }

  @Test
  void aPausedProcessSaysNothing() {
    one.says(2, 1);
    one.life.pause(true);
    world.pass(100 * MILLIS);
    assertEquals(List.of(), two.heard);
    one.life.resume();
    world.pass(MILLIS);
    assertEquals(List.of("1: 1"), two.heard);
  }

  @Test
  void aSlowWayIsSlowUntilItHeals() {
    world.network.slow(List.of(1), List.of(2), 100 * MILLIS);
    one.says(2, 1);
    two.says(1, 2);
    world.pass(90 * MILLIS);
    assertEquals(List.of(), two.heard);
    assertEquals(List.of("2: 2"), one.heard);
    world.pass(40 * MILLIS);
    assertEquals(List.of("1: 1"), two.takeHeard());
    world.network.heal();
    one.says(2, 3);
    world.pass(MILLIS);
    assertEquals(List.of("1: 3"), two.heard);
    assertEquals(1, world.happened(WorldFault.FRAME_DELAYED));
  }

  @Test
  void blockedWaysLoseWhatIsOnThem() {
    world.network.block(1, 2);
    one.says(2, 1);
    two.says(1, 2);
    world.pass(MILLIS);
    assertEquals(List.of(), two.heard);
    assertEquals(List.of("2: 2"), one.heard);
    assertEquals(1, world.happened(WorldFault.FRAME_BLOCKED));
  }

  @Test
  void anOldFrameComesAgainToWhoeverIsThatMemberNow() {
    one.says(2, 42);
    world.pass(MILLIS);
    two.life.crash();
    world.network.ended(two.life);
    Node successor = world.node(2).dials(one);
    world.pass(500 * MILLIS);
    assertEquals(List.of("up 1"), successor.takeHeard());
    replayOne();
    world.pass(MILLIS);
    assertEquals(List.of("1: 42"), successor.heard);
    assertEquals(1, world.happened(WorldFault.FRAME_REPLAYED));
  }

  private void replayOne() {
    for (int i = 0; i < 1_000; i++) {
      if (world.network.replayOld()) {
        return;
      }
    }
    throw new AssertionError("no draw of a thousand has hit a frame");
  }

  @Test
  void nothingIsReplayedWithoutAConnection() {
    one.says(2, 42);
    world.pass(MILLIS);
    two.life.crash();
    world.network.ended(two.life);
    world.pass(MILLIS);
    for (int i = 0; i < 1_000; i++) {
      assertFalse(world.network.replayOld());
    }
  }

  @Test
  void aClientIsAnsweredOverItsOwnConnection() {
    Node client = world.node(-1).dials(one);
    world.pass(10 * MILLIS);
    client.says(1, 5);
    world.pass(MILLIS);
    assertEquals(List.of("-1: 5"), one.heard);
    one.says(-1, 6);
    world.pass(MILLIS);
    assertEquals(List.of("up 1", "1: 6"), client.heard);
    client.life.crash();
    world.network.ended(client.life);
    world.pass(MILLIS);
    one.says(-1, 7);
    world.pass(MILLIS);
    assertEquals(List.of("-1: 5", "down -1"), one.heard);
  }

  /** What comes twice would make a lie of a refusal: the client has sent the command only once. */
  @Test
  void aClientsFramesComeOnceInWhateverWeather() {
    Node client = world.node(-1).dials(one);
    world.pass(10 * MILLIS);
    client.takeHeard();
    world.setting.weather().loseDuplicateReorder(0, 1_000, 0);
    client.says(1, 5);
    one.says(-1, 6);
    one.says(2, 7);
    world.pass(10 * MILLIS);
    assertEquals(List.of("-1: 5"), one.heard);
    assertEquals(List.of("1: 6"), client.heard);
    assertEquals(List.of("1: 7", "1: 7"), two.heard);
    assertEquals(1, world.happened(WorldFault.FRAME_DUPLICATED));
    two.life.crash();
    world.network.ended(two.life);
    world.pass(10 * MILLIS);
    for (int i = 0; i < 1_000; i++) {
      assertFalse(world.network.replayOld());
    }
  }

  @Test
  void whoeverMovedIsLookedForAtTheOldPlaceFirst() {
    move(null);
    Node moved = world.node(2);
    world.pass(3_000 * MILLIS);
    assertTrue(world.happened(WorldFault.OLD_ADDRESS_DIALLED) > 0);
    one.says(2, 1);
    world.pass(MILLIS);
    assertEquals(List.of("1: 1"), moved.heard);
  }

  @Test
  void whoTookOverTheAddressIsNotTakenForTheMember() {
    Node three = world.node(3);
    move(3);
    Node moved = world.node(2);
    world.pass(3_000 * MILLIS);
    assertTrue(world.happened(WorldFault.STRANGER_DIALLED) > 0);
    assertTrue(one.heard.contains("refused by 2"), one.heard::toString);
    assertEquals("up 2", one.heard.get(one.heard.size() - 1));
    one.says(2, 1);
    world.pass(MILLIS);
    assertEquals(List.of("1: 1"), moved.heard);
    assertEquals(List.of(), three.heard);
  }

  private void move(@Nullable Integer tenant) {
    two.life.crash();
    world.network.ended(two.life);
    world.network.move(World.address(2), 2, tenant, 2_000 * MILLIS);
  }

  @Test
  void waysOfClientsAndMembersAreTold() {
    Ways ways = new Ways();
    ways.block(-3, 5);
    ways.slow(2, -1, 7);
    ways.slow(-3, 5, 7);
    for (int from = -4; from < 7; from++) {
      for (int to = -4; to < 7; to++) {
        boolean blocked = from == -3 && to == 5;
        assertEquals(blocked, ways.isBlocked(from, to));
        assertEquals(from == 2 && to == -1 ? 7 : 0, ways.slowNanos(from, to));
      }
    }
    ways.heal();
    assertFalse(ways.isBlocked(-3, 5));
    assertEquals(0, ways.slowNanos(2, -1));
  }
}
