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

  /**
   * Starts so many replicas and waits until the first one can serve. If that fails, nothing is left
   * of those that had started.
   */
  public static OneJvm start(Engines engine, int members, Supplier<StateMachine> machines)
      throws IOException {
    return start(Temporary.create("quorate-"), engine, members, machines);
  }

  static OneJvm start(
      Temporary directory, Engines engine, int members, Supplier<StateMachine> machines)
      throws IOException {
    OneJvm group = new OneJvm(directory);
    try {
      group.run(engine, members, machines);
      return group;
    } catch (RuntimeException | Error e) {
      try (group) {
        throw e;
      }
    }
  }

  private void run(Engines engine, int members, Supplier<StateMachine> machines) {
    Cluster cluster =
        Cluster.parse(
            IntStream.rangeClosed(1, members)
                .mapToObj(id -> id + "=in-memory:" + id)
                .collect(Collectors.joining(",")));
    InMemoryTransport.Hub hub = InMemoryTransport.hub();
    for (int id : cluster.members()) {
      replicas.add(
          Replica.of(cluster, id)
              .protocol(engine.protocol())
              .log(FileLog.at(directory.path().resolve("" + id)))
              .transport(hub.transport())
              .start(machines.get()));
    }
    replicas.get(0).ready().join();
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
