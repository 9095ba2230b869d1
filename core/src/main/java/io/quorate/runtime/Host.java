package io.quorate.runtime;

import io.quorate.Cluster;
import io.quorate.QuorateException;
import io.quorate.Replica;
import io.quorate.StateMachine;
import io.quorate.UnsupportedByEngineException;
import io.quorate.spi.Archive;
import io.quorate.spi.Base;
import io.quorate.spi.Configuration;
import io.quorate.spi.Entry;
import io.quorate.spi.Log;
import io.quorate.spi.LogStore;
import io.quorate.spi.Member;
import io.quorate.spi.Protocol;
import io.quorate.spi.StorageException;
import io.quorate.spi.Transport;
import io.quorate.spi.Transport.Hello;
import io.quorate.spi.Transport.Position;
import java.nio.ByteBuffer;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.UUID;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One process's membership: its link, its log, its threads, and the groups that it takes part in
 * (one for now).
 */
public final class Host implements Transport.Listener {
  private static final Logger log = LoggerFactory.getLogger(Host.class);

  /** The one group. */
  static final long GROUP = 1;

  private static final String OTHER_CLUSTER = "QRT-101: ";
  private static final String OLD_DISK = "QRT-104: ";
  private static final String NOT_RESTORED = "QRT-105: ";
  private static final long SESSION_EXPIRY_NANOS = 3_600_000_000_000L;

  private final Options options;
  private final long hostStart;
  private final UUID clusterDraft;
  private final TreeSet<Integer> foreign = new TreeSet<>();
  private final Positions positions = new Positions();
  private @Nullable FoundingState foundingState;
  private boolean hasState;
  private volatile @Nullable UUID clusterId;
  private @Nullable LogStore store;
  private @Nullable LogStage logStage;
  private @Nullable Background background;
  private @Nullable Background snapshotting;
  private Transport.@Nullable Link link;
  private volatile @Nullable ReplicaLoop<?> replica;
  private volatile boolean started;
  private volatile @Nullable String oldDisk;
  private boolean badFrameTold;
  private boolean stopped;

  /** What a host is made of; the public builder fills it in, and so does the simulator. */
  public static final class Options {
    /** The voters. */
    public final Cluster cluster;

    /** Which of them this is. */
    public final int member;

    /** Which protocol the group runs. */
    public @Nullable Protocol<?> protocol;

    /** Where the log is kept. */
    public @Nullable Log log;

    /** How hosts reach each other. */
    public @Nullable Transport transport;

    /** Where to listen, if not where the cluster says. */
    public @Nullable String listen;

    /** Where others are to find this member, if it waits to be added to a group. */
    public @Nullable String joining;

    /** How long a call waits. */
    public long proposalTimeoutNanos = 10_000_000_000L;

    /** With what leases the group is founded; 0: none. */
    public long leaseMillis;

    /** How many bytes of entries it takes, at least, until the next snapshot. */
    public long snapshotBytes = 64L << 20;

    /** With so little room on the log's disk a snapshot is taken earlier, to give up the log. */
    public long snapshotRoomBytes = 256L << 20;

    /** How many bytes of a snapshot are got from another member in a second. */
    public long snapshotBytesPerSecond = 64L << 20;

    /** How many bytes of entries it takes, at least, until a state machine keeps its state. */
    public long keepBytes = 1 << 20;

    /** The threads beside the loops. */
    public Workers workers = new ThreadWorkers();

    /** Draws incarnations, sessions, election timeouts. */
    public RandomGenerator random = new SecureRandom();

    /** With the two things that have no default. */
    public Options(Cluster cluster, int member) {
      this.cluster = cluster;
      this.member = member;
    }
  }

  private Host(Options options) {
    this.options = options;
    hostStart = options.random.nextLong();
    clusterDraft = new UUID(options.random.nextLong(), options.random.nextLong());
  }

  /** Checks, opens and starts; closes all if anything fails. */
  public static Replica start(Options options, StateMachine machine) {
    return open(options, machine);
  }

  /** As {@link #start}, for those who look inside. */
  public static LocalReplica open(Options options, StateMachine machine) {
    Protocol<?> protocol =
        required(options.protocol, "protocol", "Raft.protocol() or MultiPaxos.protocol()");
    Log source = required(options.log, "log", "FileLog.at(path)");
    Transport transport = required(options.transport, "transport", "NettyTransport.create()");
    Durations.timeoutNanos("the proposal timeout", Duration.ofNanos(options.proposalTimeoutNanos));
    protocol.validate();
    if (options.joining != null) {
      throw new UnsupportedByEngineException(AdminDesk.sentence(protocol.name(), "join"));
    }
    Host host = new Host(options);
    try {
      ReplicaLoop<?> replica = host.open(protocol, source, transport, machine);
      return new LocalReplica(host, replica);
    } catch (StorageException | Transport.TransportException e) {
      host.stop();
      throw new QuorateException(String.valueOf(e.getMessage()), e);
    } catch (RuntimeException | Error e) {
      host.stop();
      throw e;
    }
  }

  private static <T> T required(@Nullable T option, String name, String example) {
    if (option == null) {
      throw new IllegalArgumentException(
          "a replica needs a " + name + ": call ." + name + "(" + example + ") before start");
    }
    return option;
  }

  private <M> ReplicaLoop<M> open(
      Protocol<M> protocol, Log source, Transport transport, StateMachine machine) {
    String address =
        options.listen == null ? options.cluster.address(options.member) : options.listen;
    link = Crossing.of(transport.open(address, this));
    store = source.open();
    long incarnation = options.random.nextLong() | 1;
    LogStore.Group group = store.group(GROUP, options.member, incarnation);
    Bookmark bookmark = Bookmark.open(machine);
    Beginning beginning = Beginning.of(group, bookmark);
    SnapshotDesk.Found found = beginning.found();
    foundingState = FoundingState.of(found);
    hasState = beginning.hasState();
    check(group, beginning, protocol);
    logStage =
        new LogStage(
            store, options.workers, "quorate-log-" + options.member, link().loop(0)::nanoTime);
    background = new Background(options.workers, "quorate-background-" + options.member);
    snapshotting = new Background(options.workers, "quorate-snapshot-" + options.member);
    if (bookmark != null && beginning.lost() == null) {
      bookmark.check(group.recovered(), found, configurations(group.recovered(), found));
    }
    ReplicaLoop<M> opened =
        new ReplicaLoop<>(this, protocol, GROUP, group, beginning, machine, bookmark);
    replica = opened;
    log.info(
        "member {} incarnation {} of {} starts: {}, entries {} to {}, cluster {}",
        options.member,
        Long.toHexString(group.recovered().incarnation()),
        options.cluster,
        protocol.name(),
        group.recovered().first(),
        group.recovered().last(),
        clusterId == null ? "not formed" : clusterId);
    opened
        .loop()
        .execute(
            () -> {
              opened.start();
              started = true;
            });
    for (int member : options.cluster.members()) {
      if (member != options.member) {
        link.connect(member, options.cluster.address(member));
      }
    }
    return opened;
  }

  /** What the data directory says of itself must agree with what the user says. */
  private void check(LogStore.Group group, Beginning beginning, Protocol<?> protocol) {
    LogStore.Recovered recovered = group.recovered();
    String damage = Damages.of(options.member, group, beginning);
    if (damage != null && options.cluster.members().size() == 1) {
      throw new StorageException(
          damage
              + ". Nobody else holds a copy, as the group has one member only. Keep the directory,"
              + " and start from a copy of it that is whole and no older",
          null);
    }
    if (damage != null) {
      log.warn("{}. The replica takes part as far as is safe, and is repaired", damage);
    }
    if (beginning.lost() == null && beginning.damage() != null) {
      log.warn("{}. The log holds all of it, and is applied from its start", beginning.damage());
    }
    for (Entry entry : configurations(recovered, beginning.found())) {
      Configuration held = Configuration.decode(entry.value());
      clusterId = held.clusterId();
      if (!held.ids().equals(new ArrayList<>(options.cluster.members()))) {
        throw new QuorateException(
            "the data directory belongs to cluster "
                + held.clusterId()
                + " with the members "
                + held.ids()
                + ", but this replica was started for the members "
                + options.cluster.members()
                + ": name the cluster that the directory belongs to, or another directory");
      }
      if (!held.protocol().equals(protocol.name())) {
        throw new QuorateException(
            "the data directory belongs to a group that runs "
                + held.protocol()
                + ", but this replica was started with "
                + protocol.name()
                + ": start it with the protocol of its group");
      }
    }
  }

  /** Those of the snapshot, and those that the log holds behind it. */
  static List<Entry> configurations(
      LogStore.Recovered recovered, SnapshotDesk.@Nullable Found found) {
    return found == null || found.isFounding()
        ? recovered.configurations()
        : configurations(recovered, found.base(), found.head());
  }

  /** The same, of a snapshot of that place. */
  static List<Entry> configurations(LogStore.Recovered recovered, Base base, SnapshotHead head) {
    List<Entry> all = new ArrayList<>(head.configurations());
    for (Entry entry : recovered.configurations()) {
      if (entry.index() > base.index()) {
        all.add(entry);
      }
    }
    return all;
  }

  // For the replicas

  Cluster cluster() {
    return options.cluster;
  }

  int member() {
    return options.member;
  }

  Workers workers() {
    return options.workers;
  }

  RandomGenerator random() {
    return options.random;
  }

  long timeoutNanos() {
    return options.proposalTimeoutNanos;
  }

  long sessionExpiryNanos() {
    return SESSION_EXPIRY_NANOS;
  }

  Transport.Link link() {
    return opened(link);
  }

  LogStage logStage() {
    return opened(logStage);
  }

  Background background() {
    return opened(background);
  }

  /** Reads and writes snapshots. */
  Background snapshotting() {
    return opened(snapshotting);
  }

  long keepBytes() {
    return options.keepBytes;
  }

  SnapshotDesk.Pace snapshotPace() {
    return new SnapshotDesk.Pace(
        options.snapshotBytes, options.snapshotBytesPerSecond, options.snapshotRoomBytes);
  }

  /** A new directory for a backup, on the kind of disk that the log is on. */
  Archive archive(String directory) {
    return required(options.log, "log", "FileLog.at(path)").archive(directory, true);
  }

  LogStore store() {
    return opened(store);
  }

  /** How far the store is durable; any thread. */
  long durable() {
    return opened(store).durable();
  }

  private static <T> T opened(@Nullable T part) {
    if (part == null) {
      throw new IllegalStateException("the host is not open");
    }
    return part;
  }

  /** The configuration with which this replica would found the cluster. */
  Configuration founding(String protocol) {
    List<Configuration.Voter> voters = new ArrayList<>();
    for (int id : options.cluster.members()) {
      voters.add(new Configuration.Voter(new Member(id, 0), options.cluster.address(id)));
    }
    FoundingState state = foundingState;
    return state != null
        ? state.founding(protocol, voters, options.leaseMillis)
        : new Configuration(clusterDraft, 1, protocol, voters, options.leaseMillis, 0, 0);
  }

  /** The founding entry is held. */
  void formed(@Nullable Configuration configuration) {
    if (configuration != null && clusterId == null) {
      if (!hasState) {
        FoundingState.check(options.member, foundingState, configuration);
      }
      clusterId = configuration.clusterId();
      log.info("member {}: belongs to cluster {}", options.member, clusterId);
    }
  }

  // From the link

  @Override
  public Hello hello(int target) {
    return hello(target, positions.of(target));
  }

  @Override
  public Hello answer(Hello remote) {
    return hello(0, positions.of(remote.member(), remote.own().incarnation()));
  }

  private Hello hello(int target, Position known) {
    return new Hello(
        identity(),
        new ArrayList<>(options.cluster.members()),
        options.member,
        target,
        hostStart,
        position(),
        known);
  }

  /** How far the own disk is durable; no later life may have less. */
  private Position position() {
    ReplicaLoop<?> opened = replica;
    return opened == null ? Position.NONE : new Position(opened.incarnation(), durable());
  }

  @Override
  public @Nullable String refuse(Hello remote) {
    if (!started) {
      // A frame that came now would be lost although its connection stands.
      return "QRT-103: member " + options.member + " is opening its log; it will be there soon";
    }
    UUID own = identity();
    if (own != null && remote.clusterId() != null && !own.equals(remote.clusterId())) {
      return OTHER_CLUSTER
          + String.format(
              "this is member %d of cluster %s, not of cluster %s; name the right addresses, or the"
                  + " data directory of the right cluster",
              options.member, own, remote.clusterId());
    }
    if (remote.member() == 0) {
      return null;
    }
    if (!options.cluster.members().contains(remote.member())
        || !remote.founding().equals(new ArrayList<>(options.cluster.members()))) {
      return String.format(
          "QRT-102: this is member %d of the members %s; member %d was started for the members %s:"
              + " start all with the same cluster",
          options.member, options.cluster.members(), remote.member(), remote.founding());
    }
    if (clusterId == null && own != null && remote.clusterId() == null) {
      return NOT_RESTORED
          + String.format(
              "member %d begins with a restored state, to found cluster %s, and member %d with"
                  + " nothing: restore it too, from the same backup and with the same cluster id",
              options.member, own, remote.member());
    }
    checkDisk(remote);
    return oldDisk;
  }

  /** The cluster that this member belongs to, or is to found; null if that is not known yet. */
  private @Nullable UUID identity() {
    FoundingState state = foundingState;
    return clusterId == null && state != null ? state.clusterId() : clusterId;
  }

  /**
   * IS5: what a member remembers of this disk is on it. If it is not, the replica may have voted
   * and acknowledged what it does not know any more; it stops before it is heard there.
   */
  private void checkDisk(Hello remote) {
    ReplicaLoop<?> to = replica;
    Position known = remote.known();
    Position own = position();
    if (to == null
        || known.incarnation() != own.incarnation()
        || known.durable() <= own.durable()) {
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
                options.member, remote.member(), own.durable(), known.durable(), options.member);
    oldDisk = why;
    to.loop().execute(() -> to.end(new QuorateException(why)));
  }

  @Override
  public void connected(int member, Hello remote) {
    ReplicaLoop<?> to = replica;
    if (to != null && !Crossing.isElsewhere(link(), to.loop())) {
      to.loop().execute(() -> to.connected(member));
    }
  }

  @Override
  public void disconnected(int peer, boolean dialled) {
    ReplicaLoop<?> to = replica;
    if (to == null) {
      return;
    }
    if (peer < 0 && link() instanceof Crossing crossing) {
      crossing.lost(peer);
    }
    if (!dialled || !Crossing.isElsewhere(link(), to.loop())) {
      to.loop().execute(() -> to.disconnected(peer, dialled));
    }
  }

  /** A replica that most members take for a stranger has the wrong directory: it stops. */
  @Override
  public void refused(int member, String reason) {
    ReplicaLoop<?> to = replica;
    if (to == null) {
      return;
    }
    to.loop()
        .execute(
            () -> {
              to.refusedConnection(member, reason);
              if (reason.startsWith(OTHER_CLUSTER)) {
                foreign.add(member);
              }
              if (foreign.size() > options.cluster.members().size() / 2) {
                to.end(
                    new QuorateException(
                        "the data directory belongs to cluster "
                            + clusterId
                            + ", but members "
                            + foreign
                            + " belong to another one: "
                            + reason));
              }
            });
  }

  @Override
  public void received(int from, int kind, ByteBuffer header, ByteBuffer values) {
    ReplicaLoop<?> to = replica;
    if (to == null) {
      return;
    }
    if (from < 0 && link() instanceof Crossing crossing) {
      crossing.heard(from);
    }
    if (Crossing.isElsewhere(link(), to.loop())) {
      to.loop().execute(() -> handedOver(to, from, kind, header, values));
    } else {
      received(to, from, kind, header, values);
    }
  }

  /** As {@link #received}, but there is no connection any more that a bad frame could close. */
  private void handedOver(
      ReplicaLoop<?> to, int from, int kind, ByteBuffer header, ByteBuffer values) {
    try {
      received(to, from, kind, header, values);
    } catch (RuntimeException e) {
      if (!badFrameTold) {
        badFrameTold = true;
        log.warn(
            "member {}: a frame of the kind {} from {} is dropped, as each like it will be: {}",
            options.member,
            kind,
            from,
            e.toString());
      }
    }
  }

  private void received(
      ReplicaLoop<?> to, int from, int kind, ByteBuffer header, ByteBuffer values) {
    if (kind != Wire.MESSAGES) {
      if (header.getLong() == GROUP) {
        to.received(from, kind, header);
      }
      return;
    }
    Reception.checkSender(from, kind);
    long durable = header.getLong();
    while (header.hasRemaining()) {
      long group = header.getLong();
      long epoch = header.getLong();
      long incarnation = header.getLong();
      int headerLength = header.getInt();
      int valuesLength = header.getInt();
      ByteBuffer message = Wire.slice(header, headerLength);
      ByteBuffer content = Wire.slice(values, valuesLength);
      if (group == GROUP && epoch == 1) {
        positions.heard(from, incarnation, durable);
        to.received(from, incarnation, message, content);
      }
    }
  }

  /** Closes all that is open, in an order that nobody is called after its end. Idempotent. */
  synchronized void stop() {
    if (stopped) {
      return;
    }
    stopped = true;
    ReplicaLoop<?> running = replica;
    if (logStage != null) {
      logStage.close();
    }
    if (running != null) {
      running.closeStage();
    }
    if (link != null) {
      link.close();
    }
    if (background != null) {
      background.close(); // After the loops, which hand it the futures that they fail.
    }
    if (snapshotting != null) {
      snapshotting.close();
    }
    if (running != null) {
      running.closeSnapshots();
    }
    if (store != null) {
      store.close();
    }
  }
}
