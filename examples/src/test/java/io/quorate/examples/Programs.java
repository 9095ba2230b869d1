package io.quorate.examples;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.OutputStreamWriter;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/** Runs mains as processes of their own, and ends those that still run when it is closed. */
public final class Programs implements AutoCloseable {
  private final Path directory;
  private final String classPath;
  private final List<Running> started = new ArrayList<>();

  /** With the directory that the programs work in and leave their standard error in. */
  public Programs(Path directory) {
    this(directory, System.getProperty("java.class.path"));
  }

  /** With another class path than that of the tests. */
  public Programs(Path directory, String classPath) {
    this.directory = directory;
    this.classPath = classPath;
  }

  /** How a program ended. */
  public record Result(int code, String out, String err) {}

  /** A program that runs. */
  public static final class Running {
    private final Process process;
    private final Path err;
    private final BufferedReader out;
    private final BufferedWriter in;

    private Running(Process process, Path err) {
      this.process = process;
      this.err = err;
      this.out = process.inputReader(UTF_8);
      this.in = new BufferedWriter(new OutputStreamWriter(process.getOutputStream(), UTF_8));
    }

    /** Types a line. */
    public void type(String line) throws IOException {
      in.write(line + "\n");
      in.flush();
    }

    /** The next line of standard output. */
    public String read() throws IOException {
      String line = out.readLine();
      if (line == null) {
        throw new AssertionError("the program has ended: " + Files.readString(err));
      }
      return line;
    }

    /** Reads on until a line that begins so, and returns the rest of it. */
    public String await(String beginning) throws IOException {
      while (true) {
        String line = read();
        if (line.startsWith(beginning)) {
          return line.substring(beginning.length());
        }
      }
    }

    /** Ends its input and waits for its end. */
    public Result end() throws IOException, InterruptedException {
      in.close();
      StringBuilder rest = new StringBuilder();
      for (String line = out.readLine(); line != null; line = out.readLine()) {
        rest.append(line).append('\n');
      }
      return new Result(process.waitFor(), rest.toString(), Files.readString(err));
    }

    /** Waits until it ends by itself. */
    public void awaitEnd() {
      process.onExit().join();
    }

    /** Sends SIGKILL and waits. */
    public void kill() {
      process.destroyForcibly().onExit().join();
    }
  }

  /** Starts a main. */
  public Running start(Class<?> main, String... arguments) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add("-XX:TieredStopAtLevel=1");
    command.add("-Dorg.slf4j.simpleLogger.defaultLogLevel=warn");
    command.add("-Dquorate.countries=" + Path.of("data", "countries.csv").toAbsolutePath());
    command.addAll(List.of("-cp", classPath, main.getName()));
    command.addAll(List.of(arguments));
    Path err = Files.createTempFile(directory, "err-", ".txt");
    Process process =
        new ProcessBuilder(command)
            .directory(directory.toFile())
            .redirectError(err.toFile())
            .start();
    Running running = new Running(process, err);
    started.add(running);
    return running;
  }

  /** Runs a main to its end, with these lines as its input. */
  public Result run(Class<?> main, List<String> input, String... arguments)
      throws IOException, InterruptedException {
    Running running = start(main, arguments);
    try {
      for (String line : input) {
        running.type(line);
      }
    } catch (IOException e) {
      return running.end(); // It has ended without reading all.
    }
    return running.end();
  }

  /** Different ports that are free now. */
  public static List<Integer> freePorts(int count) throws IOException {
    List<ServerSocket> sockets = new ArrayList<>();
    try {
      for (int i = 0; i < count; i++) {
        sockets.add(new ServerSocket(0, 1, InetAddress.getLoopbackAddress()));
      }
      return sockets.stream().map(ServerSocket::getLocalPort).toList();
    } finally {
      for (ServerSocket socket : sockets) {
        socket.close();
      }
    }
  }

  /** All files below a directory with a digest of their bytes; empty if there is none. */
  public static Map<String, String> contents(Path directory) throws IOException {
    Map<String, String> contents = new TreeMap<>();
    if (Files.exists(directory)) {
      try (Stream<Path> files = Files.walk(directory)) {
        files.forEach(file -> contents.put(directory.relativize(file).toString(), digest(file)));
      }
    }
    return contents;
  }

  private static String digest(Path file) {
    try {
      if (Files.isDirectory(file)) {
        return "directory";
      }
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      return HexFormat.of().formatHex(digest.digest(Files.readAllBytes(file)));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError(e);
    }
  }

  @Override
  public void close() {
    for (Running running : started) {
      running.kill();
    }
  }
}
