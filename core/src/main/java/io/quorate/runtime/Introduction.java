package io.quorate.runtime;

import io.quorate.QuorateException;
import io.quorate.spi.Configuration;
import io.quorate.spi.Entry;
import io.quorate.spi.Member;
import io.quorate.spi.Transport.Hello;
import io.quorate.spi.Transport.Position;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a host says of itself when a connection is opened, and whom it lets in: members of the same
 * cluster that begin with the same state, and whose disks are as new as they are remembered. Any
 * thread, unless a method says otherwise.
 */
final class Introduction {
  private static final Logger log = LoggerFactory.getLogger(Introduction.class);
  private static final String OTHER_CLUSTER = "QRT-101: ";
  private static final String OLD_DISK = "QRT-104: ";
  private static final String NOT_RESTORED = "QRT-105: ";

  private final Host.Options options;
  private final List<Integer> members;
  private final int self;
  private final Supplier<Position> position;
  private final Consumer<QuorateException> halt;
  private final long hostStart;
  private final UUID clusterDraft;
  private final Positions positions = new Positions();
  private final TreeSet<Integer> foreign = new TreeSet<>(); // Loop only.

  private @Nullable FoundingState foundingState;
  private boolean hasState;
  private volatile @Nullable UUID clusterId;
  private volatile boolean opened;
  private volatile @Nullable String oldDisk;

  /**
   * Of a host that has opened nothing yet.
   *
   * @param position how far the own disk is durable; no later life may have less
   * @param halt ends the replica, if there is one
   */
  Introduction(Host.Options options, Supplier<Position> position, Consumer<QuorateException> halt) {
    this.options = options;
    this.position = position;
    this.halt = halt;
    members = new ArrayList<>(options.cluster.members());
    self = options.member;
    hostStart = options.random.nextLong();
    clusterDraft = new UUID(options.random.nextLong(), options.random.nextLong());
  }

  // What is found out of oneself

  /** The log is opened; before any connection is. */
  void begin(Beginning beginning) {
    foundingState = FoundingState.of(beginning.found());
    hasState = beginning.hasState();
    for (Entry entry : beginning.configurations()) {
      clusterId = Configuration.decode(entry.value()).clusterId();
    }
  }

  /** From here on others are let in: a frame of theirs is not lost. */
  void opened() {
    opened = true;
  }

  /** The founding entry is held; in the loop. */
  void formed(@Nullable Configuration configuration) {
    if (configuration != null && clusterId == null) {
      if (!hasState) {
        FoundingState.check(self, foundingState, configuration);
      }
      clusterId = configuration.clusterId();
      log.info("member {}: belongs to cluster {}", self, clusterId);
    }
  }

  /** The configuration with which this replica would found the cluster. */
  Configuration founding(String protocol) {
    List<Configuration.Voter> voters = new ArrayList<>();
    for (int id : members) {
      voters.add(new Configuration.Voter(new Member(id, 0), options.cluster.address(id)));
    }
    FoundingState state = foundingState;
    return state != null
        ? state.founding(protocol, voters, options.leaseMillis)
        : new Configuration(clusterDraft, 1, protocol, voters, options.leaseMillis, 0, 0);
  }

  /** The cluster, for people. */
  String clusterName() {
    UUID known = clusterId;
    return known == null ? "not formed" : known.toString();
  }

  /** The cluster that this member belongs to, or is to found; null if that is not known yet. */
  private @Nullable UUID identity() {
    FoundingState state = foundingState;
    return clusterId == null && state != null ? state.clusterId() : clusterId;
  }

  // What is said

  /** What to say to a member that is dialled. */
  Hello hello(int target) {
    return hello(target, positions.of(target));
  }

  /** What to say to who has dialled. */
  Hello answer(Hello remote) {
    return hello(0, positions.of(remote.member(), remote.own().incarnation()));
  }

  private Hello hello(int target, Position known) {
    return new Hello(identity(), members, self, target, hostStart, position.get(), known);
  }

  // What is heard

  /** How far the disk of another member is durable, by its own word. */
  void heard(int member, long incarnation, long durable) {
    positions.heard(member, incarnation, durable);
  }

  /** Null to let in who says hello, else why not. */
  @Nullable String refuse(Hello remote) {
    if (!opened) {
      // A frame that came now would be lost although its connection stands.
      return "QRT-103: member " + self + " is opening its log; it will be there soon";
    }
    UUID own = identity();
    if (own != null && remote.clusterId() != null && !own.equals(remote.clusterId())) {
      return OTHER_CLUSTER
          + String.format(
              "this is member %d of cluster %s, not of cluster %s; name the right addresses, or the"
                  + " data directory of the right cluster",
              self, own, remote.clusterId());
    }
    if (remote.member() == 0) {
      return null;
    }
    if (!members.contains(remote.member()) || !remote.founding().equals(members)) {
      return String.format(
          "QRT-102: this is member %d of the members %s; member %d was started for the members %s:"
              + " start all with the same cluster",
          self, members, remote.member(), remote.founding());
    }
    if (clusterId == null && own != null && remote.clusterId() == null) {
      return NOT_RESTORED
          + String.format(
              "member %d begins with a restored state, to found cluster %s, and member %d with"
                  + " nothing: restore it too, from the same backup and with the same cluster id",
              self, own, remote.member());
    }
    checkDisk(remote);
    return oldDisk;
  }

  /**
   * IS5: what a member remembers of this disk is on it. If it is not, the replica may have voted
   * and acknowledged what it does not know any more; it stops before it is heard there.
   */
  private void checkDisk(Hello remote) {
    Position known = remote.known();
    Position own = position.get();
    if (known.incarnation() != own.incarnation() || known.durable() <= own.durable()) {
      positions.heard(remote.member(), remote.own().incarnation(), remote.own().durable());
      return;
    }
    String why =
        OLD_DISK
            + String.format(
                "the data directory of member %d is older than member %d remembers it (durable up"
                    + " to %x, and once to %x): an old copy was put back, or the disk has lost what"
                    + " it had confirmed. Member %d has halted, because it may have voted and"
                    + " acknowledged what it does not know any more. Put no copy of it back;"
                    + " replace the member by one with an empty directory",
                self, remote.member(), own.durable(), known.durable(), self);
    oldDisk = why;
    halt.accept(new QuorateException(why));
  }

  /**
   * A member that was dialled refuses this one; in the loop. A replica that most members take for a
   * stranger has the wrong directory: it stops.
   */
  void refused(int member, String reason) {
    if (reason.startsWith(OTHER_CLUSTER)) {
      foreign.add(member);
    }
    if (foreign.size() > members.size() / 2) {
      halt.accept(
          new QuorateException(
              "the data directory belongs to cluster "
                  + clusterId
                  + ", but members "
                  + foreign
                  + " belong to another one: "
                  + reason));
    }
  }
}
