package io.quorate.examples.cli;

import io.quorate.Cluster;
import io.quorate.Replica;
import io.quorate.StateMachine;
import io.quorate.storage.FileLog;
import io.quorate.transport.InMemoryTransport;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** A group whose replicas all run in this JVM, on disk, in a directory that ends with it. */
public final class OneJvm implements AutoCloseable {
  private final Temporary directory;
  private final List<Replica> replicas = new ArrayList<>();

  private OneJvm(Temporary directory) {
    this.directory = directory;
  }

  /** Starts so many replicas and waits until the first one can serve. */
  public static OneJvm start(Engines engine, int members, Supplier<StateMachine> machines)
      throws IOException {
    Cluster cluster =
        Cluster.parse(
            IntStream.rangeClosed(1, members)
                .mapToObj(id -> id + "=in-memory:" + id)
                .collect(Collectors.joining(",")));
    InMemoryTransport.Hub hub = InMemoryTransport.hub();
    OneJvm group = new OneJvm(Temporary.create("quorate-"));
    for (int id : cluster.members()) {
      group.replicas.add(
          Replica.of(cluster, id)
              .protocol(engine.protocol())
              .log(FileLog.at(group.directory.path().resolve("" + id)))
              .transport(hub.transport())
              .start(machines.get()));
    }
    group.replicas.get(0).ready().join();
    return group;
  }

  /** By member, from 1 on. */
  public List<Replica> replicas() {
    return List.copyOf(replicas);
  }

  /** Where their logs are, one directory for each. */
  public Path directory() {
    return directory.path();
  }

  /** The replica that leads, as the first one sees it. */
  public Replica leader() {
    return replicas.get(replicas.get(0).status().leader() - 1);
  }

  @Override
  public void close() throws IOException {
    replicas.forEach(Replica::close);
    directory.close();
  }
}
