package io.quorate.runtime;

import io.quorate.Cluster;
import io.quorate.Status;
import io.quorate.spi.Configuration;
import io.quorate.spi.Engine;
import io.quorate.spi.Member;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A replica as people see it. Loop only, or after the end. */
record Portrait(
    Member self,
    Cluster cluster,
    Peers peers,
    Tail tail,
    HandOver handOver,
    ApplyStage apply,
    Admission admission,
    Sentences sentences,
    DiskWatch disk,
    SnapshotDesk snapshots) {

  /** This moment's state; {@code ended} is why the replica has ended, if it has. */
  Status status(long now, Engine.Status state, @Nullable Throwable ended) {
    ApplyStage.Progress applied = apply.progress();
    Configuration configuration = peers.configuration();
    List<String> findings = new ArrayList<>(state.findings());
    findings.addAll(peers.findings(cluster.members()));
    if (ended == null) {
      disk.findings(now, findings);
      snapshots.findings(findings);
    } else {
      findings.add(0, sentences.end(ended));
    }
    return new Status(
        self.id(),
        Long.toHexString(self.incarnation()),
        configuration == null ? "" : configuration.clusterId().toString(),
        ended == null ? state.role() : "halted",
        state.leader(),
        state.stamp().toString(),
        tail.last(),
        state.durable(),
        Math.max(handOver.commit(), applied.entryIndex()), // What was kept is committed.
        applied.entryIndex(),
        applied.commandIndex(),
        applied.sessions(),
        admission.count(),
        members(configuration),
        findings);
  }

  private List<Status.Member> members(@Nullable Configuration configuration) {
    List<Status.Member> members = new ArrayList<>();
    if (configuration == null) {
      for (int id : cluster.members()) {
        members.add(new Status.Member(id, "", cluster.address(id), isConnected(id)));
      }
    } else {
      for (Configuration.Voter voter : configuration.voters()) {
        int id = voter.member().id();
        String incarnation = Long.toHexString(voter.member().incarnation());
        members.add(new Status.Member(id, incarnation, voter.address(), isConnected(id)));
      }
    }
    return members;
  }

  private boolean isConnected(int id) {
    return id == self.id() || peers.isUp(id);
  }

  /** Who leads, and what hinders. */
  String explanation(Status status, int leader) {
    String summary =
        leader == 0 ? "no leader is known to member " + self.id() : "member " + leader + " leads";
    return status.findings().isEmpty()
        ? summary
        : summary + "; " + String.join("; ", status.findings());
  }
}
