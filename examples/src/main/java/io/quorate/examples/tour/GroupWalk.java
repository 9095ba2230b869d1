package io.quorate.examples.tour;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.quorate.QuorateException;
import io.quorate.ReadMode;
import io.quorate.Replica;
import io.quorate.examples.cli.Engines;
import io.quorate.examples.cli.OneJvm;
import java.io.IOException;
import java.io.PrintStream;
import java.time.Duration;
import java.util.concurrent.CompletionException;

/** A group that agrees on a pair, and then loses a replica. */
final class GroupWalk {
  private static final Duration PATIENCE = Duration.ofSeconds(3);
  private static final byte[] PAIR = "key1: value1".getBytes(UTF_8);
  private static final byte[] KEY = "key1".getBytes(UTF_8);

  private GroupWalk() {}

  /** Starts so many replicas, proposes, reads, closes the leader, and asks one that is left. */
  static void show(Engines engine, int members, PrintStream out) throws IOException {
    out.printf("%s, %d replicas:%n", engine, members);
    try (OneJvm group = OneJvm.start(engine, members, Pairs::new)) {
      Replica any = group.replicas().get(0);
      out.println("  proposed {key1: value1}, got " + text(any.propose(PAIR).join().value()));
      for (Replica replica : group.replicas()) {
        out.printf("  read at replica %d: %s%n", id(replica), text(replica.query(KEY).join()));
      }
      Replica leader = group.leader();
      leader.close();
      Replica left =
          group.replicas().stream().filter(each -> each != leader).findFirst().orElseThrow();
      out.printf("  replica %d, the leader, is gone; ", id(leader));
      out.printf("replica %d answers: %s%n", id(left), answer(left));
    }
  }

  private static String answer(Replica replica) {
    try {
      return text(replica.query(KEY, ReadMode.LINEARIZABLE, PATIENCE).join());
    } catch (CompletionException e) {
      if (e.getCause() instanceof QuorateException no) {
        return String.valueOf(no.getMessage());
      }
      throw e;
    }
  }

  private static int id(Replica replica) {
    return replica.status().member();
  }

  private static String text(byte[] bytes) {
    return new String(bytes, UTF_8);
  }
}
