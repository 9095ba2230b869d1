package io.quorate.benchmarks;

import io.quorate.paxos.MultiPaxos;
import io.quorate.raft.Raft;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * What is measured: three replicas in this JVM that talk over loopback TCP and acknowledge a
 * command when a majority has synced it to disk and one has applied it.
 *
 * <p>One thread submits. Results come on whichever thread the contestant applies commands with.
 */
interface Contestant extends AutoCloseable {
  /** The names that {@link #start} knows. The first is the yardstick of the others. */
  List<String> NAMES = List.of("light", "raft", "paxos");

  /**
   * Starts a contestant with its files in {@code directory}, and returns when it can serve.
   *
   * @throws IllegalArgumentException if there is none of that name
   */
  static Contestant start(String name, Path directory) throws IOException {
    return switch (name) {
      case "light" -> LightContestant.start(directory);
      case "raft" -> QuorateContestant.start(Raft.protocol(), directory);
      case "paxos" -> QuorateContestant.start(MultiPaxos.protocol(), directory);
      default ->
          throw new IllegalArgumentException(
              "no engine is called \"" + name + "\"; choose from " + NAMES);
    };
  }

  /**
   * Replicates one command. Never blocks.
   *
   * @param command unchanged until {@code done} has been called
   * @param done told once
   */
  void submit(byte[] command, Done done);

  /** Whether the leader at the start still leads; if not, the run measured something else. */
  boolean undisturbed();

  /** Stops all replicas and their threads. */
  @Override
  void close();

  /** Hears how a command ended. Also what a future's {@code whenComplete} takes. */
  interface Done extends BiConsumer<@Nullable Object, @Nullable Throwable> {
    /** Null if the command was replicated and applied. */
    void completed(@Nullable Throwable failure);

    @Override
    default void accept(@Nullable Object reply, @Nullable Throwable failure) {
      completed(failure);
    }
  }
}
