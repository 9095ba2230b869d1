package io.quorate.runtime;

import io.quorate.Client;
import io.quorate.Cluster;
import io.quorate.NotLeaderException;
import io.quorate.OutcomeUnknownException;
import io.quorate.OverloadedException;
import io.quorate.QuorateException;
import io.quorate.ReadMode;
import io.quorate.Reply;
import io.quorate.runtime.Calls.Call;
import io.quorate.runtime.Calls.Proposal;
import io.quorate.runtime.Calls.Query;
import io.quorate.runtime.Outcome.Code;
import io.quorate.spi.Loop;
import io.quorate.spi.Transport;
import io.quorate.spi.Transport.Hello;
import java.nio.ByteBuffer;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * A client in its smallest form: asks every member it reaches who leads, sends to the leader, and
 * when the leader changes sends everything unsettled again, under the same sequences.
 */
public final class ClientCore implements Client, Transport.Listener {
  private static final long GROUP = 1;
  private static final long HOUSEKEEPING_NANOS = 50_000_000;
  private static final long PATIENCE_NANOS = 2_000_000_000;

  private final Cluster cluster;
  private final long timeoutNanos;
  private final RandomGenerator random;
  private final long hostStart;
  private final Admission admission = new Admission();
  private final Mailbox<Call> mailbox = new Mailbox<>();
  private final Proposals proposals = new Proposals(this::drawSession, admission);
  private final Courier courier;
  private final TreeMap<Long, Asked> queries = new TreeMap<>();
  private final TreeMap<Integer, Boolean> up = new TreeMap<>();
  private Transport.@Nullable Link link;
  private volatile int leader;
  private volatile @Nullable UUID clusterId;
  private @Nullable Long clusterTime;
  private boolean timeIsOld;
  private boolean sessionLost;
  private long lastQuery;
  private boolean flushQueued;
  private boolean housekeeping;
  private volatile boolean closed;
  private final AtomicBoolean closing = new AtomicBoolean();
  private final CompletableFuture<Void> torn = new CompletableFuture<>();

  /** A query that was sent, or waits to be sent, and to whom (0: the leader). */
  private static final class Asked {
    private final Query query;
    private final int member;
    private boolean sent;

    Asked(Query query, int member) {
      this.query = query;
      this.member = member;
    }
  }

  private static final class MemberQuery extends Query {
    private final int member;

    MemberQuery(int member, byte[] question, long deadline, boolean confirmed) {
      super(question, deadline, confirmed);
      this.member = member;
    }
  }

  private ClientCore(Cluster cluster, long timeoutNanos, RandomGenerator random) {
    this.cluster = cluster;
    this.timeoutNanos = timeoutNanos;
    this.random = random;
    hostStart = random.nextLong();
    courier =
        new Courier(
            proposals,
            GROUP,
            (to, frame) -> link().send(to, Wire.PROPOSE, frame, List.of()),
            PATIENCE_NANOS,
            timeoutNanos);
  }

  /** Opens a link and begins to look for the leader. */
  public static Client start(Cluster cluster, Transport transport, Duration timeout) {
    return start(cluster, transport, timeout, new SecureRandom());
  }

  /** As above, with a source of randomness. */
  public static ClientCore start(
      Cluster cluster, Transport transport, Duration timeout, RandomGenerator random) {
    long timeoutNanos = Host.nanos("a client's timeout", timeout);
    ClientCore client = new ClientCore(cluster, timeoutNanos, random);
    client.link = transport.open(null, client);
    for (int member : cluster.members()) {
      client.link.connect(member, cluster.address(member));
    }
    return client;
  }

  @Override
  public CompletableFuture<Reply> propose(byte[] command) {
    Proposal proposal = new Proposal(command, loop().nanoTime() + timeoutNanos);
    if (command.length > Batch.COMMAND_BYTES_MAX) {
      proposal.fail(Sentences.tooLong(command));
    } else if (!admission.admit(command.length)) {
      proposal.fail(new OverloadedException(admission.refusal()));
    } else {
      submit(proposal);
    }
    return proposal;
  }

  @Override
  public CompletableFuture<byte[]> query(byte[] question) {
    return ask(0, question, true);
  }

  @Override
  public CompletableFuture<byte[]> queryAt(int member, byte[] question, ReadMode mode) {
    cluster.address(member);
    return ask(member, question, mode == ReadMode.LINEARIZABLE);
  }

  private CompletableFuture<byte[]> ask(int member, byte[] question, boolean confirmed) {
    Query query = new MemberQuery(member, question, loop().nanoTime() + timeoutNanos, confirmed);
    if (question.length > Batch.COMMAND_BYTES_MAX) {
      query.fail(
          new IllegalArgumentException(
              "a question of " + question.length + " bytes; the most is 1 MiB"));
    } else if (!admission.admit(question.length)) {
      query.fail(new OverloadedException(admission.refusal()));
    } else {
      submit(query);
    }
    return query;
  }

  @Override
  public int leader() {
    return leader;
  }

  private void submit(Call call) {
    if (mailbox.put(call) || closed) {
      loop().execute(this::drainMailbox);
    }
    if (closed) {
      failAll();
    }
  }

  private void drainMailbox() {
    for (Call call = mailbox.takeAll(); call != null; ) {
      Call next = call.next();
      call.next(null);
      if (closed) {
        refuse(call);
      } else if (call instanceof Proposal proposal) {
        proposals.add(proposal);
      } else if (call instanceof MemberQuery query) {
        queries.put(++lastQuery, new Asked(query, query.member));
      } else {
        throw new AssertionError(call);
      }
      call = next;
    }
    queueFlush();
  }

  private void queueFlush() {
    if (!flushQueued) {
      flushQueued = true;
      loop().execute(this::flush);
    }
  }

  private void flush() {
    flushQueued = false;
    if (leader != 0) {
      courier.send(leader);
    }
    sendQueries();
    if (!housekeeping && !(proposals.isEmpty() && queries.isEmpty())) {
      housekeeping = true;
      loop().schedule(HOUSEKEEPING_NANOS, this::keepHouse);
    }
  }

  private void sendQueries() {
    for (Map.Entry<Long, Asked> entry : queries.entrySet()) {
      Asked asked = entry.getValue();
      int to = asked.member == 0 ? leader : asked.member;
      if (!asked.sent && up.containsKey(to)) {
        asked.sent = true;
        Query query = asked.query;
        send(
            to,
            Wire.QUERY,
            Wire.Out.ofGroup(GROUP, 16 + query.question.length)
                .putLong(entry.getKey())
                .putByte(query.confirmed ? 1 : 0)
                .putInt(query.question.length)
                .put(query.question));
      }
    }
  }

  private void send(int to, int kind, Wire.Out frame) {
    link().send(to, kind, frame.end(), List.of());
  }

  private void keepHouse() {
    housekeeping = false;
    long now = loop().nanoTime();
    for (Proposal late = proposals.overdue(now); late != null; late = proposals.overdue(now)) {
      late.fail(Sentences.timedOut(late, leader, situation()));
    }
    Iterator<Asked> asked = queries.values().iterator();
    while (asked.hasNext()) {
      Query query = asked.next().query;
      if (now - query.deadline >= 0) {
        asked.remove();
        admission.release(query.length());
        query.fail(new QuorateException("the query was not answered in time; " + situation()));
      }
    }
    if (leader == 0 || timeIsOld) {
      askWhoLeads();
    }
    courier.keepHouse(now, leader);
    queueFlush();
  }

  private String situation() {
    return "connected to the members "
        + up.keySet()
        + " of "
        + cluster
        + (leader == 0 ? ", none of which leads" : ", of which " + leader + " leads");
  }

  private void askWhoLeads() {
    up.keySet().forEach(member -> send(member, Wire.OPEN, Wire.Out.ofGroup(GROUP, 0)));
  }

  // From the link

  @Override
  public Hello hello(int target) {
    return new Hello(clusterId, List.of(), 0, target, hostStart);
  }

  @Override
  public Hello answer(Hello remote) {
    return hello(0); // Nobody dials a client.
  }

  @Override
  public @Nullable String refuse(Hello remote) {
    UUID known = clusterId;
    return known == null || remote.clusterId() == null || known.equals(remote.clusterId())
        ? null
        : "QRT-101: this client talks to cluster " + known + ", not to " + remote.clusterId();
  }

  @Override
  public void connected(int member, Hello remote) {
    if (Crossing.isElsewhere(link(), loop())) {
      return; // Nothing is sent over the connections of the other loops.
    }
    loop()
        .execute(
            () -> {
              if (clusterId == null) {
                clusterId = remote.clusterId();
              }
              up.put(member, true);
              send(member, Wire.OPEN, Wire.Out.ofGroup(GROUP, 0));
              queueFlush();
            });
  }

  @Override
  public void disconnected(int peer, boolean dialled) {
    if (Crossing.isElsewhere(link(), loop())) {
      return;
    }
    loop()
        .execute(
            () -> {
              up.remove(peer);
              if (leader == peer) {
                lead(0);
              }
              queries.values().forEach(asked -> resend(asked, peer));
              queueFlush();
            });
  }

  private static void resend(Asked asked, int peer) {
    if (asked.member == peer || asked.member == 0) {
      asked.sent = false;
    }
  }

  @Override
  public void refused(int member, String reason) {}

  @Override
  public void received(int from, int kind, ByteBuffer header, ByteBuffer values) {
    if (Crossing.isElsewhere(link(), loop())) {
      return; // Whoever answers answers where it was asked.
    }
    if (header.getLong() != GROUP) {
      return;
    }
    switch (kind) {
      case Wire.OPENED -> opened(from, header.getInt(), header.getLong());
      case Wire.OUTCOMES -> outcomes(header);
      default -> throw new IllegalArgumentException("no frame for a client has the kind " + kind);
    }
  }

  private void opened(int from, int told, long time) {
    clusterTime = clusterTime == null ? time : Math.max(clusterTime, time);
    if (told == from) {
      timeIsOld = false;
      // Told again it is no news: a leader that lets go of what it was sent says so before.
      if (leader != from) {
        lead(from);
      }
    } else if (leader == from) {
      lead(0);
    }
    queueFlush();
  }

  private void lead(int member) {
    leader = member;
    courier.handAgain();
    queries.values().forEach(asked -> asked.sent &= asked.member != 0);
    if (member == 0 && !(proposals.isEmpty() && queries.isEmpty())) {
      askWhoLeads();
    }
  }

  private void outcomes(ByteBuffer in) {
    while (in.hasRemaining()) {
      boolean query = in.get() != 0;
      long id = in.getLong();
      Outcome outcome = Wire.outcome(in);
      if (query) {
        answered(id, outcome);
      } else {
        settled(id, outcome);
      }
    }
    queueFlush();
  }

  private void answered(long id, Outcome outcome) {
    Asked asked = queries.remove(id);
    if (asked == null) {
      return;
    }
    if (outcome.code() == Code.NOT_LEADER && asked.member == 0) {
      asked.sent = false;
      queries.put(id, asked);
      return;
    }
    admission.release(asked.query.length());
    if (outcome.code() == Code.OK) {
      asked.query.complete(outcome.value());
    } else {
      asked.query.fail(outcome.exception());
    }
  }

  /** A refused copy tells nothing of the copies before it: those may yet be applied. */
  private void settled(long sequence, Outcome outcome) {
    if (outcome.code() == Code.OVERLOADED && proposals.isRepeated(sequence)) {
      courier.refused(sequence, loop().nanoTime());
      return;
    }
    Proposal ofExpired = proposals.settle(sequence, outcome);
    if (ofExpired != null) {
      expired(ofExpired, outcome);
    }
  }

  /**
   * The group does not know the session, or not any more. The refused copy is also a fence: nothing
   * of this session is ever applied after it. So a command of which it was the only copy goes again
   * in a new session, whose time the leader is asked for; but what became of one with another copy
   * cannot be told, and then this client is at its end.
   */
  private void expired(Proposal refused, Outcome outcome) {
    if (refused.copies == 1 && !sessionLost) {
      proposals.sessionExpired(refused);
      if (!timeIsOld) {
        timeIsOld = true;
        askWhoLeads();
      }
    } else {
      sessionLost = true;
      proposals.keepSession();
      admission.release(refused.length());
      outcome.settle(refused);
    }
  }

  /** A cluster time that had passed when the session was named, see {@link SessionId}. */
  private @Nullable SessionId drawSession() {
    Long time = clusterTime;
    return time == null || timeIsOld ? null : new SessionId(time, random.nextLong());
  }

  private Transport.Link link() {
    Transport.Link opened = link;
    if (opened == null) {
      throw new IllegalStateException("the client is not open");
    }
    return opened;
  }

  private Loop loop() {
    return link().loop(0);
  }

  private void failAll() {
    for (Call call = mailbox.takeAll(); call != null; ) {
      Call next = call.next();
      refuse(call);
      call = next;
    }
  }

  private void refuse(Call call) {
    admission.release(call.length());
    call.fail(new QuorateException("the client is closed"));
  }

  @Override
  public void close() {
    if (closing.compareAndSet(false, true)) {
      CompletableFuture<Void> settled = new CompletableFuture<>();
      loop().execute(() -> end(settled));
      // A thread of its own, because a callback that closes stands in the loop.
      Thread teardown = new Thread(() -> tearDown(settled), "quorate-client-close");
      teardown.setDaemon(true);
      teardown.start();
    }
    if (!loop().inLoop()) {
      torn.join();
    }
  }

  private void tearDown(CompletableFuture<Void> settled) {
    try {
      settled.join();
      link().close();
    } finally {
      failAll();
      torn.complete(null);
    }
  }

  private void end(CompletableFuture<Void> settled) {
    closed = true;
    drainMailbox();
    for (Proposal left = proposals.any(); left != null; left = proposals.any()) {
      left.fail(
          left.copies == 0
              ? new NotLeaderException("the client was closed; the command is not applied", 0)
              : new OutcomeUnknownException("the client was closed; the outcome is not known"));
    }
    List<Asked> left = new ArrayList<>(queries.values());
    queries.clear();
    left.forEach(asked -> refuse(asked.query));
    settled.complete(null);
  }
}
