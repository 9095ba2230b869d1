package io.quorate.examples.registry;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.quorate.CommandRejectedException;
import io.quorate.OutcomeUnknownException;
import io.quorate.QuorateException;
import io.quorate.ReadMode;
import io.quorate.Replica;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URLDecoder;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * The registry over HTTP, on the loopback address: it asks nobody who he is. Any replica answers
 * everything. At most {@link #WATCHES_MAX} requests wait for changes; beyond that: 503.
 */
final class RegistryHttp implements AutoCloseable {
  static final int WATCHES_MAX = 48;
  private static final int THREADS = WATCHES_MAX + 16;
  private static final int BODY_MAX = 4 * Change.VALUE_MAX;
  private static final Duration TIMEOUT = Duration.ofSeconds(10);
  private static final String KEYS = "/keys/";

  private final HttpServer server;
  private final ExecutorService threads;
  private final Replica replica;
  private final Watchers watchers;
  private final Semaphore watches = new Semaphore(WATCHES_MAX);

  /** What a request is answered with. */
  private record Response(int code, Object body) {
    static Response error(int code, String sentence) {
      return new Response(code, Map.of("error", sentence));
    }
  }

  private RegistryHttp(HttpServer server, Replica replica, Watchers watchers) {
    this.server = server;
    this.replica = replica;
    this.watchers = watchers;
    this.threads = Executors.newFixedThreadPool(THREADS, RegistryHttp::thread);
  }

  private static Thread thread(Runnable task) {
    Thread thread = new Thread(task, "http");
    thread.setDaemon(true);
    return thread;
  }

  /**
   * Binds the port and serves.
   *
   * @param port 0 for a free one
   */
  static RegistryHttp start(int port, Replica replica, Watchers watchers) throws IOException {
    InetSocketAddress address = new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
    RegistryHttp http = new RegistryHttp(HttpServer.create(address, 0), replica, watchers);
    http.server.setExecutor(http.threads);
    http.server.createContext("/", http::handle);
    http.server.start();
    return http;
  }

  int port() {
    return server.getAddress().getPort();
  }

  private void handle(HttpExchange exchange) throws IOException {
    Response response;
    try {
      response = respond(exchange, query(exchange));
    } catch (IllegalArgumentException e) {
      response = Response.error(400, String.valueOf(e.getMessage()));
    } catch (CompletionException e) {
      response = failure(e.getCause() == null ? e : e.getCause());
    }
    byte[] body = (Json.text(response.body) + "\n").getBytes(UTF_8);
    exchange.getResponseHeaders().set("Content-Type", "application/json");
    exchange.sendResponseHeaders(response.code, body.length);
    try (OutputStream out = exchange.getResponseBody()) {
      out.write(body);
    }
  }

  /** The codes say what the caller may do: 412 is a no, 503 certainly did nothing, 504 maybe. */
  private static Response failure(Throwable cause) {
    int code = 500;
    if (cause instanceof CommandRejectedException) {
      code = 412;
    } else if (cause instanceof OutcomeUnknownException) {
      code = 504;
    } else if (cause instanceof QuorateException) {
      code = 503;
    }
    return Response.error(code, String.valueOf(cause.getMessage()));
  }

  private Response respond(HttpExchange exchange, Map<String, String> query) throws IOException {
    String path = exchange.getRequestURI().getPath();
    String method = exchange.getRequestMethod();
    if (path.startsWith(KEYS) && path.length() > KEYS.length()) {
      String key = path.substring(KEYS.length());
      return switch (method) {
        case "GET" -> get(key, query);
        case "PUT" -> put(exchange, key, query);
        case "DELETE" -> change(new Change(key, null, 0, number(query, "if", Change.ANY)));
        default -> Response.error(405, "a key takes GET, PUT and DELETE, not " + method);
      };
    }
    if (!method.equals("GET")) {
      return Response.error(405, path + " takes GET only");
    }
    return switch (path) {
      case "/keys" -> new Response(200, ask(prefix(query, Question.NOW), mode(query)));
      case "/watch" -> watch(prefix(query, number(query, "after", 0)));
      case "/status" -> new Response(200, replica.status());
      default -> Response.error(404, "there are /keys, /keys/KEY, /watch and /status");
    };
  }

  private Response get(String key, Map<String, String> query) {
    Answer answer = ask(new Question(key, true, Question.NOW), mode(query));
    return answer.items().isEmpty()
        ? Response.error(404, "there is no key " + key)
        : new Response(200, answer.items().get(0));
  }

  private Response put(HttpExchange exchange, String key, Map<String, String> query)
      throws IOException {
    byte[] body = exchange.getRequestBody().readNBytes(BODY_MAX + 1);
    if (body.length > BODY_MAX) {
      return Response.error(413, "a value has at most " + Change.VALUE_MAX + " characters");
    }
    String value = Json.utf8(body);
    return change(
        new Change(key, value, 1000 * number(query, "ttl", 0), number(query, "if", Change.ANY)));
  }

  private Response change(Change change) {
    String problem = change.problem();
    if (problem != null) {
      return Response.error(400, problem);
    }
    return new Response(200, Registry.CODEC.over(replica).propose(change, TIMEOUT).join().reply());
  }

  private Answer ask(Question question, ReadMode mode) {
    byte[] bytes = Registry.CODEC.questions().encode(question);
    byte[] answer = replica.query(bytes, mode, TIMEOUT).join();
    return Registry.CODEC.answers().decode(ByteBuffer.wrap(answer));
  }

  private Response watch(Question question) {
    if (!watches.tryAcquire()) {
      return Response.error(503, WATCHES_MAX + " requests watch already; ask another replica");
    }
    try {
      long deadline = System.nanoTime() + Duration.ofSeconds(30).toNanos();
      while (true) {
        var next = watchers.next(); // Before the question: what comes in between is not missed.
        Answer answer = ask(question, ReadMode.STALE);
        if (!answer.complete()) {
          return Response.error(410, "changes behind index " + question.after() + " are forgotten");
        }
        if (!answer.items().isEmpty() || !await(next, deadline)) {
          return new Response(200, answer);
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return Response.error(503, "this replica ends");
    } finally {
      watches.release();
    }
  }

  private static boolean await(Future<Void> next, long deadline) throws InterruptedException {
    try {
      next.get(deadline - System.nanoTime(), TimeUnit.NANOSECONDS);
      return true;
    } catch (TimeoutException e) {
      return false;
    } catch (ExecutionException e) {
      throw new AssertionError("nothing fails it", e);
    }
  }

  private static Question prefix(Map<String, String> query, long after) {
    return new Question(query.getOrDefault("prefix", ""), false, after);
  }

  private static ReadMode mode(Map<String, String> query) {
    return query.containsKey("stale") ? ReadMode.STALE : ReadMode.LINEARIZABLE;
  }

  private static long number(Map<String, String> query, String name, long otherwise) {
    String value = query.get(name);
    if (value == null) {
      return otherwise;
    }
    if (!value.matches("[0-9]{1,15}")) {
      throw new IllegalArgumentException(name + " is \"" + value + "\"; write a number");
    }
    return Long.parseLong(value);
  }

  private static Map<String, String> query(HttpExchange exchange) {
    Map<String, String> query = new HashMap<>();
    String raw = exchange.getRequestURI().getRawQuery();
    for (String part : raw == null ? new String[0] : raw.split("&")) {
      String[] pair = part.split("=", 2);
      query.put(pair[0], pair.length < 2 ? "" : URLDecoder.decode(pair[1], UTF_8));
    }
    return query;
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }
}
