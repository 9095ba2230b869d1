package io.quorate.runtime;

import io.quorate.Cluster;
import io.quorate.Command;
import io.quorate.StateMachine;
import io.quorate.spi.Effects;
import io.quorate.spi.Engine;
import io.quorate.spi.Entry;
import io.quorate.spi.LogStore;
import io.quorate.spi.Loop;
import io.quorate.spi.Member;
import io.quorate.spi.Payload;
import io.quorate.spi.Protocol;
import io.quorate.spi.Snapshots;
import io.quorate.spi.Stamp;
import io.quorate.spi.StorageException;
import io.quorate.spi.Transport;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.PriorityQueue;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A whole replica, or client, on one thread: the loop and the workers take a step when the test
 * says so, the network is a list, and the engine does as the test tells it.
 */
final class Bench implements Transport {
  static final Stamp STAMP = new Stamp(7, 0);

  final SteppedLoop loop = new SteppedLoop();

  /** A second loop of the link, in which nobody lives; made by {@link #addLoop}. */
  private @Nullable SteppedLoop elsewhere;

  final List<SteppedWorker> workers = new ArrayList<>();
  final List<Frame> sent = new ArrayList<>();
  final Store store = new Store();
  final Script engine = new Script();
  final Machine machine = new Machine();
  long saidDurable;
  private Transport.@Nullable Listener listener;
  boolean linkClosed;

  record Frame(int to, int kind, ByteBuffer header) {}

  /** A replica that has not begun its start. */
  LocalReplica open() {
    Host.Options options = new Host.Options(Cluster.parse("1=a:1,2=b:2,3=c:3"), 1);
    options.protocol = engine;
    options.log = () -> store;
    options.transport = this;
    options.random = new Random(1);
    options.workers =
        (name, turn) -> {
          SteppedWorker worker = new SteppedWorker(turn);
          workers.add(worker);
          return worker;
        };
    return Host.open(options, machine);
  }

  LocalReplica started() {
    LocalReplica replica = open();
    settle();
    return replica;
  }

  /** Started, and leads. */
  LocalReplica leading() {
    LocalReplica replica = started();
    input(out -> out.leader(1, STAMP));
    settle();
    return replica;
  }

  /** Gives the engine an input that puts these things out. */
  void input(Consumer<Effects<Integer>> script) {
    input(script, 0);
  }

  /** As {@link #input}, by a message that carries a value. */
  void inputWithValue(Consumer<Effects<Integer>> script) {
    input(script, 10);
  }

  private void input(Consumer<Effects<Integer>> script, int valueBytes) {
    engine.scripts.add(script);
    Wire.Out frame = new Wire.Out(64);
    frame.putLong(saidDurable).putLong(1).putLong(1).putLong(99).putInt(4).putInt(valueBytes);
    frame.putInt(engine.scripts.size() - 1);
    listener().received(2, Wire.MESSAGES, frame.end(), ByteBuffer.allocate(valueBytes));
  }

  /** Its own connection to the member stands. */
  void connected(int member) {
    listener().connected(member, new Hello(null, List.of(1, 2, 3), member, 1, 1));
  }

  void receive(int from, int kind, ByteBuffer header) {
    listener().received(from, kind, header, ByteBuffer.allocate(0));
  }

  /** Before the start: the link has two loops, and each knows when it runs. */
  SteppedLoop addLoop() {
    SteppedLoop added = new SteppedLoop();
    elsewhere = added;
    loop.confined = true;
    added.confined = true;
    return added;
  }

  Transport.Listener listener() {
    if (listener == null) {
      throw new IllegalStateException("not open");
    }
    return listener;
  }

  /** Runs everything that waits, without time passing. */
  void settle() {
    boolean more = true;
    while (more) {
      more = loop.runAll();
      if (elsewhere != null) {
        more |= elsewhere.runAll();
      }
      for (SteppedWorker worker : workers) {
        more |= worker.step();
      }
    }
  }

  void pass(long millis) {
    long until = loop.now + millis * 1_000_000;
    settle();
    while (!loop.timers.isEmpty() && loop.timers.element().at <= until) {
      SteppedLoop.Timer timer = loop.timers.remove();
      loop.now = Math.max(loop.now, timer.at);
      if (!timer.cancelled) {
        loop.run(timer.task);
      }
      settle();
    }
    loop.now = until;
  }

  List<Frame> sentOf(int kind) {
    return sent.stream().filter(frame -> frame.kind == kind).toList();
  }

  @Override
  public Link open(@Nullable String address, Listener to) {
    listener = to;
    return new Link() {
      @Override
      public int loops() {
        return elsewhere == null ? 1 : 2;
      }

      @Override
      public Loop loop(int number) {
        return elsewhere != null && number == 0 ? elsewhere : loop;
      }

      @Override
      public void connect(int member, String at) {}

      @Override
      public void send(int member, int kind, ByteBuffer header, List<Payload> values) {
        if (member < 0 && elsewhere != null && !elsewhere.inLoop()) {
          throw new IllegalStateException("that client's connection is in the other loop");
        }
        sent.add(new Frame(member, kind, header));
      }

      @Override
      public int port() {
        return 0;
      }

      @Override
      public void close() {
        loop.closed = true;
        linkClosed = true;
      }
    };
  }

  static final class SteppedLoop implements Loop {
    private final Thread thread = Thread.currentThread();
    private final ConcurrentLinkedQueue<Runnable> tasks = new ConcurrentLinkedQueue<>();
    private final PriorityQueue<Timer> timers =
        new PriorityQueue<>((a, b) -> Long.compare(a.at, b.at));
    private volatile boolean closed;
    long now = 1_000_000_000_000L;

    private boolean confined;
    private boolean running;

    boolean runAll() {
      boolean any = false;
      for (Runnable task = tasks.poll(); task != null; task = tasks.poll()) {
        run(task);
        any = true;
      }
      return any;
    }

    /** Something happens in this loop. */
    void run(Runnable task) {
      running = true;
      task.run();
      running = false;
    }

    int pendingTimers() {
      return timers.size();
    }

    @Override
    public void execute(Runnable task) {
      if (!closed) {
        tasks.add(task);
      }
    }

    @Override
    public boolean inLoop() {
      return Thread.currentThread() == thread && (running || !confined);
    }

    @Override
    public Scheduled schedule(long delayNanos, Runnable task) {
      Timer timer = new Timer(now + delayNanos, task);
      timers.add(timer);
      return timer;
    }

    @Override
    public long nanoTime() {
      return now;
    }

    @Override
    public long wallNanos() {
      return now;
    }

    static final class Timer implements Scheduled {
      private final long at;
      private final Runnable task;
      private boolean cancelled;

      Timer(long at, Runnable task) {
        this.at = at;
        this.task = task;
      }

      @Override
      public void cancel() {
        cancelled = true;
      }
    }
  }

  static final class SteppedWorker implements Workers.Worker {
    private final Workers.Turn turn;
    private volatile boolean woken;
    private volatile boolean closed;

    /** Its turns are held back. */
    boolean stopped;

    SteppedWorker(Workers.Turn turn) {
      this.turn = turn;
    }

    boolean step() {
      if (!woken || closed || stopped) {
        return false;
      }
      woken = turn.run();
      return true;
    }

    @Override
    public void wake() {
      woken = true;
    }

    @Override
    public void close() {
      closed = true;
    }
  }

  /** The workers in the order in which a host makes them. */
  SteppedWorker logWorker() {
    return workers.get(0);
  }

  SteppedWorker backgroundWorker() {
    return workers.get(1);
  }

  SteppedWorker snapshotWorker() {
    return workers.get(2);
  }

  SteppedWorker applyWorker() {
    return workers.get(3);
  }

  static final class Store implements LogStore, LogStore.Group {
    long durable = 100;
    final TreeMap<Long, Entry> entries = new TreeMap<>();
    final FakeSnapshots snapshots = new FakeSnapshots();
    boolean failSync;
    boolean full;
    List<String> findings = List.of();
    int attempts;
    boolean failRead;
    boolean closed;

    @Override
    public Group group(long group, int member, long freshIncarnation) {
      return this;
    }

    @Override
    public void remove(long group) {
      throw new UnsupportedOperationException();
    }

    @Override
    public void seal(long epoch, long index, byte[] next) {
      throw new UnsupportedOperationException();
    }

    @Override
    public void release(long epoch, long upTo) {
      entries.headMap(upTo, true).clear();
    }

    @Override
    public void sync() {
      if (failSync) {
        throw new StorageException("the disk is gone", null);
      }
    }

    @Override
    public long durable() {
      return durable;
    }

    @Override
    public boolean isFull() {
      return full;
    }

    @Override
    public void makeRoom() {
      attempts++;
    }

    @Override
    public List<String> findings() {
      return findings;
    }

    @Override
    public void close() {
      closed = true;
    }

    @Override
    public Recovered recovered() {
      return new Recovered(
          11,
          entries.isEmpty(),
          null,
          1,
          1,
          entries.size(),
          entries.isEmpty() ? List.of() : List.of(new StampRun(1, STAMP)),
          List.of(),
          List.of(),
          null,
          List.of());
    }

    @Override
    public void write(Entry entry) {
      entries.put(entry.index(), entry);
    }

    @Override
    public void truncate(long epoch, long from) {
      entries.tailMap(from).clear();
    }

    @Override
    public void save(byte[] record) {}

    @Override
    public void read(long epoch, long from, int maxBytes, Sink sink) {
      if (failRead) {
        throw new StorageException("a sector cannot be read", null);
      }
      for (Entry entry : entries.tailMap(from).values()) {
        if (!sink.accept(entry)) {
          return;
        }
      }
    }

    @Override
    public Snapshots snapshots() {
      return snapshots;
    }
  }

  /** A protocol whose messages are numbers of scripts, and whose entries commit once durable. */
  static final class Script implements Protocol<Integer>, Engine<Integer> {
    final List<Consumer<Effects<Integer>>> scripts = new ArrayList<>();
    final List<String> inputs = new ArrayList<>();
    final ArrayDeque<Long> readIds = new ArrayDeque<>();
    boolean commits = true;
    boolean answersReads = true;
    long last;
    private @Nullable RuntimeException failure;

    void failWith(RuntimeException cause) {
      failure = cause;
    }

    @Override
    public String name() {
      return "script";
    }

    @Override
    public void validate() {}

    @Override
    public long electionTimeoutNanos() {
      return 1_000_000_000;
    }

    @Override
    public Engine<Integer> engine(Setup setup) {
      if (failure != null) {
        throw failure;
      }
      last = setup.log().last();
      return this;
    }

    @Override
    public int compareStamps(Stamp left, Stamp right) {
      return Long.compare(left.high(), right.high());
    }

    @Override
    public byte[] encode(Integer message, List<Payload> values) {
      return ByteBuffer.allocate(4).putInt(message).array();
    }

    @Override
    public Integer decode(ByteBuffer header, ByteBuffer values) {
      return header.getInt();
    }

    @Override
    public void start(long now, Effects<Integer> out) {
      inputs.add("start");
    }

    @Override
    public void tick(long now, Effects<Integer> out) {
      inputs.add("tick");
    }

    @Override
    public long deadline() {
      return Long.MAX_VALUE;
    }

    @Override
    public void receive(long now, Member from, Integer message, Effects<Integer> out) {
      inputs.add("receive");
      scripts.get(message).accept(out);
    }

    @Override
    public void propose(long now, Payload value, Effects<Integer> out) {
      out.write(new Entry(1, ++last, Entry.Kind.BATCH, STAMP, value));
    }

    @Override
    public void read(long now, long id, Effects<Integer> out) {
      if (answersReads) {
        out.readable(id, 0);
      } else {
        readIds.add(id);
      }
    }

    @Override
    public void transfer(long now, int target, Effects<Integer> out) {
      inputs.add("transfer " + target);
      if (target == 0) {
        out.transferFailed("nobody else is here");
      }
    }

    @Override
    public void damaged(long now, long index, Effects<Integer> out) {
      inputs.add("damaged " + index);
    }

    @Override
    public void durable(long now, long ticket, Effects<Integer> out) {
      inputs.add("durable " + ticket);
      if (commits) {
        out.commit(last);
      }
    }

    @Override
    public void fetched(long now, int to, List<Entry> entries, Effects<Integer> out) {
      inputs.add("fetched");
    }

    @Override
    public void rebased(long now, boolean continued, Effects<Integer> out) {
      inputs.add("rebased " + continued);
    }

    @Override
    public void configured(List<Entry> configurations) {
      configurations.forEach(entry -> inputs.add("configured " + entry.kind()));
    }

    @Override
    public void peerLost(long now, int member, Effects<Integer> out) {}

    @Override
    public void storageStalled(long now, boolean stalled, Effects<Integer> out) {
      inputs.add("stalled " + stalled);
    }

    @Override
    public Status status() {
      return new Status("script", 0, STAMP, 0, 0, List.of());
    }
  }

  /** Echoes, unless told otherwise. */
  static final class Machine implements StateMachine {
    final List<byte[]> applied = new ArrayList<>();
    Function<byte[], byte[]> apply = bytes -> bytes;
    Function<byte[], byte[]> query = bytes -> bytes;
    boolean answersConcurrently;

    @Override
    public boolean answersConcurrently() {
      return answersConcurrently;
    }

    @Override
    public byte[] apply(Command command) {
      applied.add(command.bytes());
      return apply.apply(command.bytes());
    }

    @Override
    public byte[] query(byte[] question) {
      return query.apply(question);
    }

    @Override
    public void snapshot(OutputStream out) {}

    @Override
    public void restore(InputStream in) {}
  }
}
