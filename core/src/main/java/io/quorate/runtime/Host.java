package io.quorate.runtime;

import io.quorate.Cluster;
import io.quorate.QuorateException;
import io.quorate.Replica;
import io.quorate.StateMachine;
import io.quorate.UnsupportedByEngineException;
import io.quorate.spi.Archive;
import io.quorate.spi.Log;
import io.quorate.spi.LogStore;
import io.quorate.spi.Protocol;
import io.quorate.spi.StorageException;
import io.quorate.spi.Transport;
import io.quorate.spi.Transport.Hello;
import io.quorate.spi.Transport.Position;
import java.nio.ByteBuffer;
import java.security.SecureRandom;
import java.time.Duration;
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

  private static final long SESSION_EXPIRY_NANOS = 3_600_000_000_000L;

  private final Options options;
  private final Introduction introduction;
  private @Nullable LogStore store;
  private @Nullable LogStage logStage;
  private @Nullable Background background;
  private @Nullable Background snapshotting;
  private Transport.@Nullable Link link;
  private volatile @Nullable ReplicaLoop<?> replica;
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
    introduction = new Introduction(options, this::position, this::halt);
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
    beginning.check(options, protocol.name());
    introduction.begin(beginning);
    logStage =
        new LogStage(
            store, options.workers, "quorate-log-" + options.member, link().loop(0)::nanoTime);
    background = new Background(options.workers, "quorate-background-" + options.member);
    snapshotting = new Background(options.workers, "quorate-snapshot-" + options.member);
    if (bookmark != null && beginning.lost() == null) {
      bookmark.check(group.recovered(), beginning.found(), beginning.configurations());
    }
    ReplicaLoop<M> opened = new ReplicaLoop<>(this, protocol, GROUP, beginning, machine, bookmark);
    replica = opened;
    log.info(
        "member {} incarnation {} of {} starts: {}, entries {} to {}, cluster {}",
        options.member,
        Long.toHexString(group.recovered().incarnation()),
        options.cluster,
        protocol.name(),
        group.recovered().first(),
        group.recovered().last(),
        introduction.clusterName());
    opened
        .loop()
        .execute(
            () -> {
              opened.start();
              introduction.opened();
            });
    for (int member : options.cluster.members()) {
      if (member != options.member) {
        link.connect(member, options.cluster.address(member));
      }
    }
    return opened;
  }

  // For the replicas

  Introduction introduction() {
    return introduction;
  }

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

  // From the link

  @Override
  public Hello hello(int target) {
    return introduction.hello(target);
  }

  @Override
  public Hello answer(Hello remote) {
    return introduction.answer(remote);
  }

  @Override
  public @Nullable String refuse(Hello remote) {
    return introduction.refuse(remote);
  }

  /** How far the own disk is durable; no later life may have less. */
  private Position position() {
    ReplicaLoop<?> opened = replica;
    return opened == null ? Position.NONE : new Position(opened.incarnation(), durable());
  }

  private void halt(QuorateException cause) {
    ReplicaLoop<?> to = replica;
    if (to != null) {
      to.loop().execute(() -> to.end(cause));
    }
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

  @Override
  public void refused(int member, String reason) {
    ReplicaLoop<?> to = replica;
    if (to != null) {
      to.loop()
          .execute(
              () -> {
                to.refusedConnection(member, reason);
                introduction.refused(member, reason);
              });
    }
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
        introduction.heard(from, incarnation, durable);
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
