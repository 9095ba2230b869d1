package io.quorate.examples.kv;

import io.quorate.Client;
import io.quorate.Replica;
import io.quorate.Reply;
import io.quorate.Status;
import java.util.concurrent.CompletableFuture;

/** Where a {@link KvConsole} sends what is typed: a replica in this process, or a client. */
interface KvStore {
  CompletableFuture<Reply> propose(byte[] command);

  CompletableFuture<byte[]> query(byte[] question);

  /** One line. */
  String status();

  /** One sentence a line. */
  String explain();

  static KvStore of(Replica replica) {
    return new KvStore() {
      @Override
      public CompletableFuture<Reply> propose(byte[] command) {
        return replica.propose(command);
      }

      @Override
      public CompletableFuture<byte[]> query(byte[] question) {
        return replica.query(question);
      }

      @Override
      public String status() {
        return line(replica.status());
      }

      @Override
      public String explain() {
        return replica.explain();
      }
    };
  }

  static KvStore of(Client client) {
    return new KvStore() {
      @Override
      public CompletableFuture<Reply> propose(byte[] command) {
        return client.propose(command);
      }

      @Override
      public CompletableFuture<byte[]> query(byte[] question) {
        return client.query(question);
      }

      @Override
      public String status() {
        int leader = client.leader();
        return leader == 0 ? "no leader has answered yet" : "member " + leader + " leads";
      }

      @Override
      public String explain() {
        return status() + "; for more, ask a replica on its line port";
      }
    };
  }

  private static String line(Status status) {
    return "member=%d role=%s leader=%d stamp=%s last=%d durable=%d committed=%d applied=%d"
            .formatted(
                status.member(),
                status.role(),
                status.leader(),
                status.stamp(),
                status.lastEntry(),
                status.durableEntry(),
                status.committedEntry(),
                status.appliedEntry())
        + " index=%d sessions=%d waiting=%d incarnation=%s cluster=%s"
            .formatted(
                status.commandIndex(),
                status.sessions(),
                status.waiting(),
                status.incarnation(),
                status.clusterId().isEmpty() ? "unformed" : status.clusterId());
  }
}
