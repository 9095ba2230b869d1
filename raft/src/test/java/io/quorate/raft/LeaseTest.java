package io.quorate.raft;

import io.quorate.testkit.engine.LeaseContract;

class LeaseTest extends LeaseContract<RaftMessage, RaftReplica> {
  @Override
  protected Group withLeases(int voters, long leaseMillis) {
    return Group.withLeases(voters, leaseMillis);
  }
}
