package io.quorate;

import java.util.List;

/**
 * A replica at one moment.
 *
 * @param member this replica's member id
 * @param incarnation drawn when the replica was created on its store; hexadecimal
 * @param clusterId hexadecimal; empty while the cluster is not formed
 * @param role leader, follower, candidate ..., mute (its snapshot is damaged), or halted
 * @param leader the member that leads; 0 if none is known
 * @param stamp the current term or ballot
 * @param lastEntry entry index of the last entry written here
 * @param durableEntry up to where this replica's entries are on disk
 * @param committedEntry up to where entries are known to be committed
 * @param appliedEntry up to where entries are applied here
 * @param commandIndex number of the last command applied here, see {@link Command#index()}
 * @param sessions how many sessions are known
 * @param waiting how many proposals and queries of this replica are not settled
 * @param members the members of the group as this replica knows it, ascending by id, itself among
 *     them
 * @param findings sentences that say what hinders progress, one fact each; empty when all is well
 */
public record Status(
    int member,
    String incarnation,
    String clusterId,
    String role,
    int leader,
    String stamp,
    long lastEntry,
    long durableEntry,
    long committedEntry,
    long appliedEntry,
    long commandIndex,
    int sessions,
    int waiting,
    List<Member> members,
    List<String> findings) {
  /** Copies the lists. */
  public Status {
    members = List.copyOf(members);
    findings = List.copyOf(findings);
  }

  /**
   * A member of the group.
   *
   * @param id the member's id
   * @param incarnation of the replica that the group knows under the id, hexadecimal; empty while
   *     the cluster is not formed
   * @param address where it is looked for, {@code host:port}
   * @param connected whether the replica that says so has a connection to it; true for itself
   */
  public record Member(int id, String incarnation, String address, boolean connected) {}
}
