package io.quorate.examples.kv;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.quorate.Client;
import io.quorate.Cluster;
import io.quorate.QuorateException;
import io.quorate.examples.cli.Program;
import io.quorate.examples.cli.UsageException;
import io.quorate.transport.NettyTransport;
import java.io.BufferedReader;
import java.io.ByteArrayInputStream;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.net.Socket;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/**
 * Sends lines, from its arguments or its input, and prints the answers: those of lines that were
 * not carried out on standard error, and then the exit code is 1.
 */
@Command(
    name = "kv-client",
    sortOptions = false,
    description = "Sends commands to a replicated map and prints the answers.",
    footer = KvLine.HELP)
public final class KvClient implements Callable<Integer> {
  private static final Logger LOG = LoggerFactory.getLogger(KvClient.class);

  @ArgGroup(multiplicity = "1")
  private Target target;

  @Parameters(
      paramLabel = "command",
      description = "What to do; without it commands are read from standard input, one a line:")
  private List<String> words = List.of();

  /** Whom it talks to. */
  private static final class Target {
    @Option(
        names = "--cluster",
        paramLabel = "ID=HOST:PORT,...",
        description = "The members of the cluster; any that answers will do.")
    private @Nullable Cluster cluster;

    @Option(
        names = "--connect",
        paramLabel = "HOST:PORT",
        description = "The line port of one replica.")
    private @Nullable String connect;
  }

  /** Exits with 0 if every line was carried out. */
  public static void main(String[] args) {
    System.exit(Program.run(new KvClient(), args));
  }

  @Override
  public Integer call() throws IOException {
    InputStream lines = words.isEmpty() ? System.in : typed(words);
    if (target.connect != null) {
      return connect(target.connect, lines);
    }
    Cluster cluster = Objects.requireNonNull(target.cluster, "one of the two is given");
    try (Client client = Client.connect(cluster, NettyTransport.create())) {
      KvConsole console = new KvConsole(KvStore.of(client));
      Printer printer = new Printer();
      LineServer.talk(new LineReader(lines), printer::print, console);
      return printer.code();
    }
  }

  /** A command from the arguments, checked before anything is opened. */
  private static InputStream typed(List<String> words) {
    String line =
        words.get(0)
            + words.stream()
                .skip(1)
                .map(word -> " " + KvLine.quote(word))
                .collect(Collectors.joining());
    try {
      KvLine.parse(line);
    } catch (MalformedLineException e) {
      throw new UsageException(e.sentence());
    }
    return new ByteArrayInputStream((line + "\n").getBytes(UTF_8));
  }

  private static int connect(String address, InputStream lines) throws IOException {
    int colon = address.lastIndexOf(':');
    if (colon < 1 || !address.substring(colon + 1).matches("[0-9]{1,5}")) {
      throw new UsageException(
          "--connect is \"" + address + "\"; write HOST:PORT, like localhost:7101");
    }
    int port = Integer.parseInt(address.substring(colon + 1));
    try (Socket socket = socket(address.substring(0, colon), port)) {
      Thread sender = new Thread(() -> send(lines, socket), "sender");
      sender.setDaemon(true);
      sender.start();
      Printer printer = new Printer();
      BufferedReader answers =
          new BufferedReader(new InputStreamReader(socket.getInputStream(), UTF_8));
      for (String answer = answers.readLine(); answer != null; answer = answers.readLine()) {
        printer.print(answer);
      }
      return printer.code();
    }
  }

  private static Socket socket(String host, int port) {
    try {
      return new Socket(host, port);
    } catch (IOException | IllegalArgumentException e) {
      throw new QuorateException(
          "%s:%d does not answer (%s); name the line port that a replica printed when it started"
              .formatted(host, port, e.getMessage()),
          e);
    }
  }

  private static void send(InputStream lines, Socket socket) {
    try {
      lines.transferTo(socket.getOutputStream());
      socket.shutdownOutput();
    } catch (IOException e) {
      LOG.debug("the connection ended before the input: {}", e.getMessage());
    }
  }

  /** Prints answers where they belong and remembers whether all was carried out. */
  private static final class Printer {
    /* What is in the map is UTF-8, wherever this runs; so is what is printed of it. */
    private final PrintStream out =
        new PrintStream(new FileOutputStream(FileDescriptor.out), true, UTF_8);
    private final PrintStream err =
        new PrintStream(new FileOutputStream(FileDescriptor.err), true, UTF_8);
    private boolean failed;

    void print(String answer) {
      boolean error = answer.startsWith(KvConsole.ERROR);
      failed |= error;
      (error ? err : out).println(answer);
    }

    int code() {
      return failed ? Program.FAILED : Program.FINE;
    }
  }
}
