package io.quorate.paxos;

import io.quorate.paxos.PaxosMessage.Accepted;
import io.quorate.paxos.PaxosMessage.Prepare;
import io.quorate.paxos.PaxosMessage.Promise;
import io.quorate.spi.Entry;
import io.quorate.spi.Member;
import io.quorate.testkit.Rules;
import io.quorate.testkit.Witness;

/** What Paxos' messages claim to be on disk. */
final class PaxosWitness implements Witness<PaxosMessage> {
  @Override
  public Rules rules() {
    return Rules.SLOT_WISE;
  }

  @Override
  public void testifies(Member self, int to, PaxosMessage message, Claims claims) {
    if (message instanceof Prepare prepare) {
      promise("its own promise (P14)", prepare.ballot(), claims);
    } else if (message instanceof Promise promise) {
      promise("its promise (P2)", promise.ballot(), claims);
      for (Entry entry : promise.accepted()) {
        if (promise.chosen().stream().noneMatch(range -> range.contains(entry.index()))) {
          claims.entry(entry.index(), entry.stamp()); // That a value is chosen stays true anyway.
        }
      }
    } else if (message instanceof Accepted accepted) {
      claims.promise(accepted.ballot().stamp());
      for (SlotRange range : accepted.accepted()) {
        for (long slot = range.from(); slot <= range.to(); slot++) {
          claims.entry(slot, accepted.ballot().stamp());
        }
      }
    }
  }

  private static void promise(String what, Ballot ballot, Claims claims) {
    claims.saved(what, saved -> record(saved).promised().equals(ballot));
    claims.promise(ballot.stamp());
  }

  private static PaxosRecord record(byte[] saved) {
    return saved.length == 0 ? PaxosRecord.NONE : PaxosCodec.decodeRecord(saved);
  }
}
