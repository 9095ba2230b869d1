package io.quorate.runtime;

import io.quorate.Admin;
import io.quorate.Client;
import io.quorate.Cluster;
import io.quorate.NotLeaderException;
import io.quorate.OutcomeUnknownException;
import io.quorate.QuorateException;
import io.quorate.ReadMode;
import io.quorate.Reply;
import io.quorate.runtime.Calls.Call;
import io.quorate.runtime.Calls.Proposal;
import io.quorate.runtime.Calls.Retry;
import io.quorate.runtime.ClientQueries.MemberQuery;
import io.quorate.runtime.Outcome.Code;
import io.quorate.spi.Loop;
import io.quorate.spi.Transport;
import io.quorate.spi.Transport.Hello;
import java.nio.ByteBuffer;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * A client: asks every member it reaches who leads, sends to the leader, and when the leader
 * changes sends everything unsettled again, under the same sequences.
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
  private final Entrance entrance = new Entrance(admission, () -> loop().nanoTime(), this::submit);
  private final Mailbox<Call> mailbox = new Mailbox<>();
  private final ClientSession session;
  private final Proposals proposals;
  private final Courier courier;
  private final ClientQueries queries = new ClientQueries(GROUP, admission);
  private final ClientContacts contacts;
  private Transport.@Nullable Link link;
  private volatile int leader;
  private volatile @Nullable UUID clusterId;
  private boolean flushQueued;
  private boolean housekeeping;
  private boolean keepingAlive;
  private long lastAnswerAt;
  private volatile boolean closed;
  private final AtomicBoolean closing = new AtomicBoolean();
  private final CompletableFuture<Void> torn = new CompletableFuture<>();

  private ClientCore(Cluster cluster, long timeoutNanos, RandomGenerator random) {
    this.cluster = cluster;
    this.timeoutNanos = timeoutNanos;
    this.random = random;
    hostStart = random.nextLong();
    contacts = new ClientContacts(cluster);
    session = new ClientSession(random);
    proposals = new Proposals(session::draw, admission, Runnable::run);
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
    long timeoutNanos = Durations.timeoutNanos("a client's timeout", timeout);
    ClientCore client = new ClientCore(cluster, timeoutNanos, random);
    client.link = transport.open(null, client);
    for (int member : cluster.members()) {
      client.link.connect(member, cluster.address(member));
    }
    return client;
  }

  // Calls, from any thread

  @Override
  public CompletableFuture<Reply> propose(byte[] command) {
    return entrance.propose(command, timeoutNanos);
  }

  @Override
  public CompletableFuture<Reply> propose(byte[] command, Duration timeout) {
    return entrance.propose(command, Durations.timeoutNanos("a proposal's timeout", timeout));
  }

  @Override
  public CompletableFuture<byte[]> query(byte[] question) {
    return query(question, ReadMode.LINEARIZABLE);
  }

  @Override
  public CompletableFuture<byte[]> query(byte[] question, ReadMode mode) {
    return ask(0, Wire.QUERY, Wire.mode(mode), question, timeoutNanos);
  }

  @Override
  public CompletableFuture<byte[]> query(byte[] question, Duration timeout) {
    long nanos = Durations.timeoutNanos("a query's timeout", timeout);
    return ask(0, Wire.QUERY, Wire.mode(ReadMode.LINEARIZABLE), question, nanos);
  }

  @Override
  public CompletableFuture<byte[]> queryAt(int member, byte[] question, ReadMode mode) {
    cluster.address(member);
    return ask(member, Wire.QUERY, Wire.mode(mode), question, timeoutNanos);
  }

  @Override
  public CompletableFuture<byte[]> queryStale(int member, byte[] question, Duration maxAge) {
    cluster.address(member);
    long age = Durations.ageNanos(maxAge);
    return entrance.ask(new MemberQuery(member, question, entrance.deadline(timeoutNanos), age));
  }

  private CompletableFuture<byte[]> ask(
      int member, int kind, int selector, byte[] question, long timeout) {
    return entrance.ask(
        new MemberQuery(member, kind, selector, question, entrance.deadline(timeout)));
  }

  @Override
  public Admin admin() {
    return new ClientAdmin(
        cluster,
        (member, verb, arguments) ->
            ask(member, Wire.ADMIN, verb.number(), arguments, timeoutNanos),
        random);
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
      refuseAll();
    }
  }

  // The turn

  private void drainMailbox() {
    for (Call call = mailbox.takeAll(); call != null; ) {
      Call next = call.next();
      call.next(null);
      if (closed) {
        refuse(call);
      } else if (call instanceof Proposal proposal) {
        take(proposal);
      } else if (call instanceof MemberQuery query) {
        queries.add(query);
      } else {
        throw new AssertionError(call);
      }
      call = next;
    }
    queueFlush();
  }

  private void take(Proposal proposal) {
    if (session.isLost() && !(proposal instanceof Retry)) {
      admission.release(proposal.length());
      proposal.fail(ClientSession.exception(false));
    } else {
      proposals.add(proposal);
    }
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
    queries.send(leader, contacts.connected(), session.seen(), this::send);
    if (!housekeeping && !isIdle()) {
      housekeeping = true;
      loop().schedule(HOUSEKEEPING_NANOS, this::keepHouse);
    }
  }

  private boolean isIdle() {
    return proposals.isEmpty() && queries.isEmpty();
  }

  private void send(int to, int kind, Wire.Out frame) {
    link().send(to, kind, frame.end(), List.of());
  }

  private void keepHouse() {
    housekeeping = false;
    long now = loop().nanoTime();
    for (Proposal late : proposals.overdue(now)) {
      late.fail(Sentences.timedOut(late, leader, contacts.situation(leader), entrance));
    }
    queries.failOverdue(now, () -> contacts.situation(leader));
    if (leader == 0 || session.needsTime()) {
      askWhoLeads();
    }
    courier.keepHouse(now, leader);
    queueFlush();
  }

  private void askWhoLeads() {
    contacts.connected().forEach(member -> send(member, Wire.OPEN, Wire.Out.ofGroup(GROUP, 0)));
  }

  /** Once there is a session; again and again, whether anything is called or not. */
  private void keepAlive() {
    if (closed || session.isLost()) {
      return;
    }
    long now = loop().nanoTime();
    Batch.Source sign = session.sign(proposals.session(), proposals.mark());
    if (sign != null && leader != 0 && now - lastAnswerAt >= ClientSession.KEEP_ALIVE_NANOS) {
      send(leader, Wire.PROPOSE, Wire.Out.ofGroup(GROUP, 64).putCommand(sign));
    }
    loop().schedule(ClientSession.KEEP_ALIVE_NANOS, this::keepAlive);
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
    if (known == null || remote.clusterId() == null || known.equals(remote.clusterId())) {
      return null;
    }
    String why =
        "QRT-101: this client talks to cluster " + known + ", not to " + remote.clusterId();
    trouble(remote.member(), " is not connected: " + why);
    return why;
  }

  private void trouble(int member, String why) {
    loop().execute(() -> contacts.trouble(member, why));
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
              contacts.connected(member);
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
              contacts.disconnected(peer);
              if (leader == peer) {
                lead(0);
              }
              queries.disconnected(peer);
              queueFlush();
            });
  }

  @Override
  public void refused(int member, String reason) {
    trouble(member, " refuses the connection: " + reason);
  }

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
    session.told(time, told == from);
    if (told == from) {
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
    queries.leaderChanged();
    if (member == 0 && !isIdle()) {
      askWhoLeads();
    }
  }

  private void outcomes(ByteBuffer in) {
    while (in.hasRemaining()) {
      boolean query = in.get() != 0;
      long id = in.getLong();
      Outcome outcome = Wire.outcome(in);
      session.told(outcome);
      if (query) {
        queries.answered(id, outcome);
      } else {
        settled(id, outcome);
      }
    }
    queueFlush();
  }

  /** A refused copy tells nothing of the copies before it: those may yet be applied. */
  private void settled(long sequence, Outcome outcome) {
    long now = loop().nanoTime();
    if (outcome.code() == Code.OVERLOADED && proposals.isRepeated(sequence)) {
      courier.refused(sequence, now);
      return;
    }
    Proposal refused = proposals.settle(sequence, outcome);
    if (outcome.code() == Code.EXPIRED) {
      expired(sequence, refused);
      return;
    }
    lastAnswerAt = now;
    session.answered(sequence, outcome);
    if (!keepingAlive) {
      keepingAlive = true;
      loop().schedule(ClientSession.KEEP_ALIVE_NANOS, this::keepAlive);
    }
  }

  private void expired(long sequence, @Nullable Proposal refused) {
    if (refused == null) {
      if (session.isSign(sequence)) {
        session.lose();
        proposals.sessionLost();
      }
    } else if (session.mayBeNamedAnew(refused)) {
      proposals.sessionExpired(refused);
      askWhoLeads();
    } else {
      session.lose();
      proposals.sessionLost();
      admission.release(refused.length());
      refused.fail(ClientSession.exception(refused.copies > 1));
    }
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

  // The end

  private void refuseAll() {
    for (Call call = mailbox.takeAll(); call != null; ) {
      Call next = call.next();
      refuse(call);
      call = next;
    }
  }

  private void refuse(Call call) {
    admission.release(call.length());
    call.fail(abandoned(call));
  }

  private static QuorateException abandoned(Call left) {
    if (!(left instanceof Proposal proposal)) {
      return new QuorateException("the client is closed");
    }
    return proposal.copies == 0
        ? new NotLeaderException("the client is closed; the command is not applied", 0)
        : new OutcomeUnknownException("the client is closed; the outcome is not known");
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
      refuseAll();
      torn.complete(null);
    }
  }

  private void end(CompletableFuture<Void> settled) {
    closed = true;
    drainMailbox();
    for (Proposal left = proposals.any(); left != null; left = proposals.any()) {
      left.fail(abandoned(left));
    }
    queries.all().forEach(this::refuse);
    settled.complete(null);
  }
}
