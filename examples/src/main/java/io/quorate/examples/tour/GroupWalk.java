package io.quorate.examples.tour;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.quorate.Cluster;
import io.quorate.QuorateException;
import io.quorate.ReadMode;
import io.quorate.Replica;
import io.quorate.examples.cli.Engines;
import io.quorate.storage.FileLog;
import io.quorate.transport.InMemoryTransport;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** A group in this JVM that agrees on a pair, and then loses a replica. */
final class GroupWalk {
  private static final Duration PATIENCE = Duration.ofSeconds(3);
  private static final byte[] PAIR = "key1: value1".getBytes(UTF_8);
  private static final byte[] KEY = "key1".getBytes(UTF_8);

  private final Engines engine;
  private final Path directory;
  private final PrintStream out;

  GroupWalk(Engines engine, Path directory, PrintStream out) {
    this.engine = engine;
    this.directory = directory;
    this.out = out;
  }

  /** Starts so many replicas, proposes, reads, closes the leader, and asks those that are left. */
  void show(int members) {
    Cluster cluster =
        Cluster.parse(
            IntStream.rangeClosed(1, members)
                .mapToObj(id -> id + "=in-memory:" + id)
                .collect(Collectors.joining(",")));
    InMemoryTransport.Hub hub = InMemoryTransport.hub();
    List<Replica> replicas = new ArrayList<>();
    try {
      for (int id : cluster.members()) {
        replicas.add(start(cluster, id, hub));
      }
      out.printf("%s, %d replicas:%n", engine, members);
      Replica any = replicas.get(0);
      any.ready().join();
      out.println("  proposed {key1: value1}, got " + text(any.propose(PAIR).join().value()));
      for (Replica replica : replicas) {
        out.printf("  read at replica %d: %s%n", id(replica), text(replica.query(KEY).join()));
      }
      lose(replicas, any.status().leader());
    } finally {
      replicas.forEach(Replica::close);
    }
  }

  private Replica start(Cluster cluster, int id, InMemoryTransport.Hub hub) {
    return Replica.of(cluster, id)
        .protocol(engine.protocol())
        .log(FileLog.at(directory.resolve(engine + "-" + cluster.members().size() + "-" + id)))
        .transport(hub.transport())
        .start(new Pairs());
  }

  private void lose(List<Replica> replicas, int leader) {
    replicas.stream().filter(each -> id(each) == leader).forEach(Replica::close);
    Replica left = replicas.stream().filter(each -> id(each) != leader).findFirst().orElseThrow();
    out.printf("  replica %d, the leader, is gone; replica %d answers: ", leader, id(left));
    try {
      out.println(text(left.query(KEY, ReadMode.LINEARIZABLE, PATIENCE).join()));
    } catch (CompletionException e) {
      if (!(e.getCause() instanceof QuorateException no)) {
        throw e;
      }
      out.println(no.getMessage());
    }
  }

  private static int id(Replica replica) {
    return replica.status().member();
  }

  private static String text(byte[] bytes) {
    return new String(bytes, UTF_8);
  }
}
