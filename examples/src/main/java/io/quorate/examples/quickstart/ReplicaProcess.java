package io.quorate.examples.quickstart;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.quorate.Cluster;
import io.quorate.examples.cli.Engines;
import io.quorate.examples.kv.KvServer;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * One replica as a process of its own, which can be killed and started again on the same data. Its
 * output is appended to a file. It ends with this process: its standard input, which it watches, is
 * a pipe from here. One thread at a time.
 */
final class ReplicaProcess implements AutoCloseable {
  private static final int ASK_MILLIS_MAX = 2_000;

  private final int member;
  private final int linePort;
  private final ProcessBuilder builder;
  private final Path output;
  private @Nullable Process process;

  ReplicaProcess(int member, Cluster cluster, int linePort, Engines engine, Path work) {
    this.member = member;
    this.linePort = linePort;
    this.output = work.resolve("replica-" + member + ".out");
    this.builder =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx1g",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                KvServer.class.getName(),
                "--id=" + member,
                "--cluster=" + cluster,
                "--data=" + work.resolve("replica-" + member),
                "--port=" + linePort,
                "--engine=" + engine,
                "--attached")
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.appendTo(output.toFile()));
  }

  int member() {
    return member;
  }

  long pid() {
    return running().pid();
  }

  void start() throws IOException {
    process = builder.start();
  }

  private Process running() {
    if (process == null) {
      throw new IllegalStateException("replica " + member + " was never started");
    }
    return process;
  }

  boolean isAlive() {
    return process != null && process.isAlive();
  }

  /** Sends SIGKILL and does not wait. */
  void kill() {
    running().destroyForcibly();
  }

  /** Waits until the process is gone. */
  void awaitEnd() throws InterruptedException {
    running().waitFor();
  }

  /** Asks the line port; the answer's first line, or empty if it does not answer. */
  String ask(String line) {
    try (Socket socket = new Socket()) {
      socket.connect(
          new InetSocketAddress(InetAddress.getLoopbackAddress(), linePort), ASK_MILLIS_MAX);
      socket.setSoTimeout(ASK_MILLIS_MAX);
      socket.getOutputStream().write((line + "\n").getBytes(UTF_8));
      String answer =
          new BufferedReader(new InputStreamReader(socket.getInputStream(), UTF_8)).readLine();
      return answer == null ? "" : answer;
    } catch (IOException e) {
      return ""; // It is starting or gone; whoever asks asks again.
    }
  }

  /** Whether it says of itself that it leads. */
  boolean leads() {
    return ask("status").contains(" role=leader ");
  }

  /** The last lines of what it printed. */
  List<String> lastLines(int count) throws IOException {
    if (!Files.exists(output)) {
      return List.of();
    }
    List<String> lines = Files.readAllLines(output);
    return lines.subList(Math.max(0, lines.size() - count), lines.size());
  }

  /** Lets it end in order by closing its input, and kills it if it takes longer than 5 s. */
  @Override
  public void close() throws IOException {
    if (process == null) {
      return;
    }
    process.getOutputStream().close();
    try {
      if (!process.waitFor(5, TimeUnit.SECONDS)) {
        process.destroyForcibly();
      }
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }
}
