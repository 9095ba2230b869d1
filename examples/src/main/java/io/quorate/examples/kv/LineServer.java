package io.quorate.examples.kv;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.quorate.QuorateException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.concurrent.Semaphore;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Serves the line protocol to people: one thread a connection, at most {@link #CONNECTIONS_MAX} of
 * them; one more is told so and closed. Listens on the loopback address only: it asks nobody who he
 * is.
 */
final class LineServer implements AutoCloseable {
  static final int CONNECTIONS_MAX = 64;
  private static final Logger LOG = LoggerFactory.getLogger(LineServer.class);

  private final ServerSocket socket;
  private final Semaphore free = new Semaphore(CONNECTIONS_MAX);

  private LineServer(ServerSocket socket) {
    this.socket = socket;
  }

  /**
   * Binds the port; serves nobody yet.
   *
   * @param port 0 for a free one
   * @throws QuorateException if it is in use
   */
  static LineServer bind(int port) throws IOException {
    ServerSocket socket = new ServerSocket();
    try {
      socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
      return new LineServer(socket);
    } catch (BindException e) {
      socket.close();
      throw new QuorateException(
          "port %d for the line protocol cannot be bound (%s); end what uses it or name another --port"
              .formatted(port, e.getMessage()),
          e);
    }
  }

  int port() {
    return socket.getLocalPort();
  }

  /** Begins to serve. */
  void start(KvConsole console) {
    thread("lines-accept", () -> accept(console));
  }

  private void accept(KvConsole console) {
    while (!socket.isClosed()) {
      try {
        Socket connection = socket.accept();
        thread("lines-" + connection.getPort(), () -> serve(connection, console));
      } catch (IOException e) {
        if (!socket.isClosed()) {
          LOG.warn("the line port accepts no more connections: {}", e.getMessage());
          return;
        }
      }
    }
  }

  private void serve(Socket connection, KvConsole console) {
    boolean admitted = free.tryAcquire();
    try (connection;
        InputStream in = connection.getInputStream();
        OutputStream out = connection.getOutputStream()) {
      if (admitted) {
        talk(new LineReader(in), answer -> say(out, answer), console);
      } else {
        say(out, KvConsole.ERROR + "too many connections; end one of " + CONNECTIONS_MAX);
      }
    } catch (IOException e) {
      LOG.debug("a line connection broke: {}", e.getMessage());
    } finally {
      if (admitted) {
        free.release();
      }
    }
  }

  /** Answers line by line until the input ends or says quit. */
  static void talk(LineReader in, Answers out, KvConsole console) throws IOException {
    while (true) {
      try {
        String line = in.next();
        if (line == null) {
          return;
        }
        String answer = console.answer(line);
        if (!answer.isEmpty()) {
          out.say(answer);
        }
        if (KvConsole.isQuit(line)) {
          return;
        }
      } catch (MalformedLineException e) {
        out.say(KvConsole.ERROR + e.sentence());
      }
    }
  }

  private static void say(OutputStream out, String text) throws IOException {
    out.write((text + "\n").getBytes(UTF_8));
    out.flush();
  }

  private static void thread(String name, Runnable task) {
    Thread thread = new Thread(task, name);
    thread.setDaemon(true);
    thread.start();
  }

  /** Takes no more connections; those that are open end with the process. */
  @Override
  public void close() throws IOException {
    socket.close();
  }

  /** Where answers go. */
  @FunctionalInterface
  interface Answers {
    /** Takes one answer, of one line or several. */
    void say(String answer) throws IOException;
  }
}
