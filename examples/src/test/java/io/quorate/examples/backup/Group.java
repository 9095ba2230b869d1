package io.quorate.examples.backup;

import io.quorate.Client;
import io.quorate.Cluster;
import io.quorate.Replica;
import io.quorate.StateMachine;
import io.quorate.spi.Protocol;
import io.quorate.storage.FileLog;
import io.quorate.transport.InMemoryTransport;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/** Three members of a group in this process, on files, and a client. */
final class Group implements AutoCloseable {
  private static final long SECONDS = 30;

  private final TreeMap<Integer, Replica> replicas = new TreeMap<>();
  final Client client;
  private final Protocol<?> protocol;
  private final Path directory;
  private final Supplier<? extends StateMachine> machines;
  private final InMemoryTransport.Hub hub = InMemoryTransport.hub();
  private final Cluster cluster = Cluster.parse("1=a:1,2=b:1,3=c:1");

  Group(Protocol<?> protocol, Path directory, Supplier<? extends StateMachine> machines) {
    this.protocol = protocol;
    this.directory = directory;
    this.machines = machines;
    cluster.members().forEach(this::start);
    client = Client.connect(cluster, hub.transport());
  }

  /** Where a member of a group in that directory keeps its log. */
  static FileLog log(Path directory, int member) {
    return FileLog.at(directory.resolve("data" + member)).segmentBytes(64 << 10);
  }

  void start(int member) {
    replicas.put(
        member,
        Replica.of(cluster, member)
            .protocol(protocol)
            .log(log(directory, member))
            .transport(hub.transport())
            .start(machines.get()));
  }

  Replica replica(int member) {
    return Objects.requireNonNull(replicas.get(member));
  }

  void stop(int member) {
    Replica replica = replicas.remove(member);
    if (replica != null) {
      replica.close();
    }
  }

  Group ready() throws Exception {
    for (Replica replica : replicas.values()) {
      get(replica.ready());
    }
    return this;
  }

  static <T> T get(CompletableFuture<T> future) throws Exception {
    return future.get(SECONDS, TimeUnit.SECONDS);
  }

  @Override
  public void close() {
    client.close();
    List<Replica> all = new ArrayList<>(replicas.values());
    all.forEach(Replica::close);
  }
}
