package io.quorate.paxos;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.quorate.paxos.PaxosMessage.Accept;
import io.quorate.paxos.PaxosMessage.AcceptNack;
import io.quorate.paxos.PaxosMessage.Accepted;
import io.quorate.paxos.PaxosMessage.Prepare;
import io.quorate.paxos.PaxosMessage.PrepareNack;
import io.quorate.paxos.PaxosMessage.Promise;
import io.quorate.spi.Entry;
import io.quorate.spi.Member;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.GenerationMode;
import net.jqwik.api.Label;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

/** What every proposer makes of every answer: role × ballot × attempt × part, or × slots. */
class ProposerRelationsTest {
  private static final Ballot OWN = new Ballot(2, 1);

  @Property(generation = GenerationMode.EXHAUSTIVE)
  @Label("P11: a promise counts by the table")
  void promise(
      @ForAll InRole role,
      @ForAll @IntRange(min = 1, max = 3) int round,
      @ForAll @IntRange(min = -1, max = 1) int attempt,
      @ForAll @IntRange(min = 0, max = 1) int part,
      @ForAll boolean last,
      @ForAll boolean wiped) {
    Group group = Group.quiet(3, 3);
    group.record();
    PaxosReplica proposer = role.begin(group, 1);
    long asked = attemptOf(group);
    Member sender = wiped ? new Member(2, 666) : Group.member(2);
    List<String> before = proposer.slots();

    proposer.receive(
        sender,
        new Promise(
            new Ballot(round, 1),
            asked + attempt,
            Ballot.NONE,
            part,
            last,
            3,
            true,
            true,
            List.of(),
            List.of(),
            List.of()));

    boolean counts = round == 2 && attempt == 0 && part == 0 && last && !wiped;
    boolean leads = role == InRole.LEADING || (role == InRole.PREPARING && counts);
    assertEquals(leads, proposer.leads());
    boolean begins = leads && role == InRole.PREPARING;
    assertEquals(begins, !before.equals(proposer.slots()));
  }

  /** The number that the last Prepare told; any, if none was sent. */
  private static long attemptOf(Group group) {
    return group.history().stream()
        .filter(flight -> flight.message() instanceof Prepare)
        .map(flight -> ((Prepare) flight.message()).attempt())
        .reduce(7L, (one, later) -> later);
  }

  @Property(generation = GenerationMode.EXHAUSTIVE)
  @Label("P47: a promise in three parts counts if all came, in their order, whatever came beside")
  void parts(@ForAll @Size(5) List<@IntRange(min = 0, max = 2) Integer> parts) {
    Group group = Group.quiet(3, 3);
    group.record();
    PaxosReplica proposer = InRole.PREPARING.begin(group, 1);
    long attempt = attemptOf(group);
    for (int part : parts) {
      Entry entry = Group.batch(4L + part, Group.FIRST, "part " + part);
      proposer.receive(
          Group.member(2),
          new Promise(
              OWN,
              attempt,
              Ballot.NONE,
              part,
              part == 2,
              3,
              true,
              true,
              List.of(entry),
              List.of(),
              List.of()));
    }
    int zero = parts.indexOf(0);
    int one = zero < 0 ? -1 : indexAfter(parts, zero, 1);
    int two = one < 0 ? -1 : indexAfter(parts, one, 2);
    assertEquals(two >= 0, proposer.leads());
    if (two >= 0) {
      assertEquals(
          List.of("4 part 0@2.1", "5 part 1@2.1", "6 part 2@2.1", "7 Lead@2.1"),
          proposer.slots().subList(3, 7));
    }
  }

  private static int indexAfter(List<Integer> parts, int at, int part) {
    int found = parts.subList(at + 1, parts.size()).indexOf(part);
    return found < 0 ? -1 : at + 1 + found;
  }

  @Property(generation = GenerationMode.EXHAUSTIVE)
  @Label("P1, P14: a ballot that no quorum can promise any more is over; the next one is above")
  void prepareNack(
      @ForAll @IntRange(min = 0, max = 4) int refusals,
      @ForAll @IntRange(min = 1, max = 3) int round,
      @ForAll @IntRange(min = -1, max = 1) int attempt,
      @ForAll @IntRange(min = 2, max = 9) int promised) {
    Group group = Group.quiet(5, 3);
    group.record();
    PaxosReplica proposer = InRole.PREPARING.begin(group, 1);
    long asked = attemptOf(group);
    for (int id = 2; id < 2 + refusals; id++) {
      Ballot theirs = new Ballot(promised, id);
      proposer.receive(
          Group.member(id), new PrepareNack(new Ballot(round, 1), asked + attempt, theirs));
    }
    boolean ofThis = round == 2 && attempt == 0;
    assertEquals(ofThis && refusals >= 3 ? "follower" : "candidate", proposer.role());
    group.history().clear();
    group.flights().clear();
    group.standing(1).sync();
    Prepare next = (Prepare) group.messages(Prepare.class, 1, 2).get(0);
    long above = ofThis && refusals > 0 ? Math.max(2, promised) : 2;
    assertEquals(new Ballot(above + 1, 1), next.ballot());
  }

  @Property(generation = GenerationMode.EXHAUSTIVE)
  @Label("P12, IP3: an acceptance counts by the table")
  void accepted(
      @ForAll InRole role,
      @ForAll @IntRange(min = 1, max = 3) int round,
      @ForAll @IntRange(min = 1, max = 8) int from,
      @ForAll @IntRange(min = 0, max = 3) int more) {
    Group group = Group.quiet(3, 3);
    PaxosReplica leader = role.begin(group, 1);
    if (role == InRole.LEADING) {
      leader.propose("x");
      leader.propose("y");
      leader.sync();
      group.replica(2).start();
      group.replica(2).receive(leader.self(), accept(leader));
      group.replica(2).sync();
    }
    group.flights().clear();
    int to = from + more;

    leader.receive(
        Group.member(2),
        new Accepted(
            new Ballot(round, 1), 0, List.of(new SlotRange(from, to)), List.of(), 0, true));

    long commit = 3;
    for (long slot = 4; slot <= 6; slot++) {
      boolean counts = role == InRole.LEADING && round == 2 && from <= slot && slot <= to;
      assertEquals(counts, leader.isChosen(slot), "slot " + slot);
      commit = counts && commit == slot - 1 ? slot : commit;
    }
    assertEquals(commit, leader.commit());
  }

  /** All that the leader has proposed. */
  private static Accept accept(PaxosReplica leader) {
    return new Accept(OWN, 3, leader.entries().subList(3, 6), 3, 0, true);
  }

  @Property(generation = GenerationMode.EXHAUSTIVE)
  @Label("P1: a leader goes on until no quorum is left that has promised nothing higher")
  void acceptNack(
      @ForAll @IntRange(min = 0, max = 15) int refusing,
      @ForAll @IntRange(min = 1, max = 3) int round) {
    Group group = Group.quiet(5, 3);
    PaxosReplica leader = InRole.LEADING.begin(group, 1);
    int refused = 0;
    for (int id = 2; id <= 5; id++) {
      if ((refusing >> (id - 2)) % 2 == 1) {
        refused += round == 2 ? 1 : 0;
        AcceptNack nack = new AcceptNack(new Ballot(round, 1), new Ballot(7, id));
        leader.receive(Group.member(id), nack);
        leader.receive(Group.member(id), nack);
      }
    }
    assertEquals(refused <= 2, leader.leads());
  }
}
