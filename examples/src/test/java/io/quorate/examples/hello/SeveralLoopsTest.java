package io.quorate.examples.hello;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.quorate.Client;
import io.quorate.Cluster;
import io.quorate.Replica;
import io.quorate.Reply;
import io.quorate.examples.Programs;
import io.quorate.raft.Raft;
import io.quorate.storage.FileLog;
import io.quorate.transport.NettyTransport;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Transports with several loops: connections land in any of them, the replica lives in one. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class SeveralLoopsTest {
  @TempDir Path directory;

  @Test
  void replicasAndClientsOfSeveralLoopsAgree() throws Exception {
    List<Integer> ports = Programs.freePorts(3);
    Cluster cluster =
        Cluster.parse(
            String.format(
                "1=localhost:%d,2=localhost:%d,3=localhost:%d",
                ports.get(0), ports.get(1), ports.get(2)));
    List<Replica> replicas = new ArrayList<>();
    List<Client> clients = new ArrayList<>();
    try {
      for (int id = 1; id <= 3; id++) {
        replicas.add(
            Replica.of(cluster, id)
                .protocol(Raft.protocol())
                .log(FileLog.at(directory.resolve("" + id)))
                .transport(NettyTransport.create().loops(3))
                .start(new HelloQuorate()));
      }
      // More clients than loops, so that some of them are accepted outside the replica's own.
      for (int i = 0; i < 6; i++) {
        clients.add(Client.connect(cluster, NettyTransport.create().loops(1 + i % 2)));
      }
      List<CompletableFuture<Reply>> replies = new ArrayList<>();
      for (int i = 0; i < 50; i++) {
        clients.forEach(client -> replies.add(client.propose("1".getBytes(UTF_8))));
        replicas.forEach(replica -> replies.add(replica.propose("1".getBytes(UTF_8))));
      }
      for (CompletableFuture<Reply> reply : replies) {
        reply.get(20, TimeUnit.SECONDS);
      }
      Reply last = clients.get(0).propose("0".getBytes(UTF_8)).get(20, TimeUnit.SECONDS);
      assertEquals("450", new String(last.value(), UTF_8));
    } finally {
      clients.forEach(Client::close);
      replicas.forEach(Replica::close);
    }
  }
}
