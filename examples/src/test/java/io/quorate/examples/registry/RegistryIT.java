package io.quorate.examples.registry;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quorate.examples.Programs;
import io.quorate.examples.Programs.Running;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the README says, at three processes, of which one is killed in the end. */
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class RegistryIT {
  private static final Path README =
      Path.of("src/main/java/io/quorate/examples/registry/README.md");
  private static final Pattern CURL =
      Pattern.compile(
          " {4}\\$ curl -s(?: -X (\\w+))?(?: -d '([^']*)')? '?localhost:800(\\d)(.*?)'?");

  @TempDir Path directory;
  private final HttpClient client = HttpClient.newHttpClient();
  private final List<String> bases = new ArrayList<>();

  @ParameterizedTest
  @ValueSource(strings = {"raft", "paxos"})
  void theReadmeIsTrueAndAnyOneMayBeLost(String engine) throws Exception {
    List<Integer> ports = Programs.freePorts(3);
    String cluster =
        "1=localhost:%d,2=localhost:%d,3=localhost:%d"
            .formatted(ports.get(0), ports.get(1), ports.get(2));
    try (Programs programs = new Programs(directory)) {
      List<Running> replicas = new ArrayList<>();
      for (int id = 1; id <= 3; id++) {
        replicas.add(
            programs.start(
                RegistryServer.class,
                "--id=" + id,
                "--cluster=" + cluster,
                "--data=" + directory.resolve("data-" + id),
                "--engine=" + engine,
                "--attached"));
      }
      for (Running replica : replicas) {
        bases.add("http://" + replica.await("http://"));
        replica.await("ready");
      }
      typeWhatTheReadmeSays();
      expireAndWatch();
      replicas.get(0).kill();
      assertEquals(200, send(2, "PUT", "/keys/after", "loss").statusCode());
      assertTrue(send(3, "GET", "/keys/after", "").body().contains("loss"));
      replicas.get(1).kill();
      HttpResponse<String> alone = send(3, "GET", "/keys/after?stale", "");
      assertTrue(alone.body().contains("loss"), alone.body());
    }
  }

  private void typeWhatTheReadmeSays() throws Exception {
    List<String> lines = Files.readAllLines(README);
    int typed = 0;
    for (int i = 0; i < lines.size(); i++) {
      Matcher curl = CURL.matcher(lines.get(i));
      if (curl.matches()) {
        String method = curl.group(1) == null ? "GET" : curl.group(1);
        String body = curl.group(2) == null ? "" : curl.group(2);
        int member = Integer.parseInt(curl.group(3));
        assertEquals(
            lines.get(i + 1).trim(), send(member, method, curl.group(4), body).body().trim());
        typed++;
      }
    }
    assertEquals(lines.stream().filter(line -> line.contains("$ curl")).count(), typed);
    assertTrue(typed >= 9, "" + typed);
  }

  /** A key that nobody renews goes by itself, and who waits for that is told, elsewhere. */
  private void expireAndWatch() throws Exception {
    String set = send(1, "PUT", "/keys/mortal?ttl=1", "x").body();
    long index = Long.parseLong(set.replaceAll("(?s).*\"index\":(\\d+).*", "$1"));
    CompletableFuture<HttpResponse<String>> watch =
        client.sendAsync(
            request(2, "GET", "/watch?prefix=mortal&after=" + index, ""),
            HttpResponse.BodyHandlers.ofString());
    String told = watch.join().body();
    assertTrue(told.contains("\"items\":[{\"key\":\"mortal\",\"index\":"), told);
    assertEquals(404, send(3, "GET", "/keys/mortal", "").statusCode());
    assertEquals(400, send(1, "PUT", "/keys/mortal?ttl=x", "").statusCode());
    assertEquals(405, send(1, "POST", "/keys/mortal", "").statusCode());
    assertEquals(404, send(1, "GET", "/nowhere", "").statusCode());
    assertEquals(200, send(1, "GET", "/status", "").statusCode());
  }

  private HttpRequest request(int member, String method, String path, String body) {
    return HttpRequest.newBuilder(URI.create(bases.get(member - 1) + path))
        .method(method, HttpRequest.BodyPublishers.ofString(body))
        .build();
  }

  private HttpResponse<String> send(int member, String method, String path, String body)
      throws IOException, InterruptedException {
    return client.send(request(member, method, path, body), HttpResponse.BodyHandlers.ofString());
  }
}
