package io.quorate.examples.kv;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quorate.examples.Programs;
import io.quorate.examples.Programs.Result;
import io.quorate.examples.Programs.Running;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Whatever is wrong gets one sentence with the remedy and an exit code, and changes nothing. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class BadInputIT {
  @TempDir Path directory;
  private Programs programs;
  private Path data;
  private List<Integer> ports;

  @BeforeEach
  void prepare() throws IOException {
    programs = new Programs(directory);
    data = directory.resolve("data");
    ports = Programs.freePorts(6);
  }

  @AfterEach
  void end() {
    programs.close();
  }

  private Running server(String cluster) throws IOException {
    return server(cluster, "raft");
  }

  private Running server(String cluster, String engine) throws IOException {
    return programs.start(
        KvServer.class,
        "--id=1",
        "--cluster=" + cluster,
        "--data=" + data,
        "--engine=" + engine,
        "--attached");
  }

  private String alone() {
    return "1=localhost:" + ports.get(0);
  }

  /** Leaves a data directory of a cluster of one behind, with a key in it. */
  private Map<String, String> found() throws Exception {
    Running server = server(alone());
    String lines = server.await("lines at ");
    server.await("ready");
    Result put = programs.run(KvClient.class, List.of("put k v"), "--connect", lines);
    assertEquals(0, put.code(), put.err());
    assertEquals(0, server.end().code());
    return stored();
  }

  /** What a refused start must leave as it was; the lock file names whoever held it last. */
  private Map<String, String> stored() throws IOException {
    Map<String, String> stored = Programs.contents(data);
    stored.remove("lock");
    return stored;
  }

  private static void assertSays(int code, String sentence, Result result) {
    assertEquals(sentence + "\n", result.err());
    assertEquals(code, result.code());
    assertEquals("", result.out());
  }

  @Test
  void whoHasToWaitSaysForWhat() throws Exception {
    Running server =
        server(alone() + ",2=localhost:" + ports.get(1) + ",3=localhost:" + ports.get(2));
    String missing = server.await("not ready yet: ");
    assertTrue(missing.contains("; member 2 is not connected"), missing);
    assertEquals(0, server.end().code());
  }

  @Test
  void aWrongClusterOrFlagIsToldBeforeAnythingIsOpened() throws Exception {
    String wrong = "Invalid value for option '--cluster': ";
    String remedy = "; write ID=HOST:PORT, like 1=localhost:7001; --help explains it";
    assertSays(
        2,
        "kv-server: " + wrong + "cluster member \"1=b:7002\" repeats member id 1" + remedy,
        server("1=a:7001,1=b:7002").end());
    assertSays(
        2,
        "kv-server: " + wrong + "cluster member \"2=b\" has no port" + remedy,
        server("1=a:7001,2=b").end());
    assertSays(
        2,
        "kv-server: Unknown option: '--dta=x'; --help explains it",
        programs.run(
            KvServer.class,
            List.of(),
            "--id=1",
            "--cluster=1=a:7001",
            "--data=" + data,
            "--dta=x"));
    assertFalse(Files.exists(data));
  }

  @Test
  void anAddressInUseIsNamed() throws Exception {
    Map<String, String> before = found();
    try (ServerSocket taken =
        new ServerSocket(ports.get(0), 1, InetAddress.getByName("localhost"))) {
      Result result = server(alone()).end();
      assertEquals(1, result.code());
      assertTrue(result.err().contains("localhost:" + taken.getLocalPort()), result.err());
      assertEquals(1, result.err().lines().count(), result.err());
    }
    assertEquals(before, stored());
  }

  @Test
  void aLinePortInUseIsNamed() throws Exception {
    Map<String, String> before = found();
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      Result result =
          programs.run(
              KvServer.class,
              List.of(),
              "--id=1",
              "--cluster=" + alone(),
              "--data=" + data,
              "--port=" + taken.getLocalPort());
      assertSays(
          1,
          "kv-server: port %d for the line protocol cannot be bound (Address already in use); end what uses it or name another --port"
              .formatted(taken.getLocalPort()),
          result);
    }
    assertEquals(before, stored());
  }

  @Test
  void aDirectoryThatAnotherProcessHoldsIsRefused() throws Exception {
    Running holder = server(alone());
    holder.await("ready");
    Map<String, String> before = Programs.contents(data);
    Result result = server("1=localhost:" + ports.get(1)).end();
    assertEquals(1, result.code());
    assertTrue(result.err().contains(data.toString()), result.err());
    assertEquals(1, result.err().lines().count(), result.err());
    assertEquals(before, Programs.contents(data));
  }

  @Test
  void aDirectoryOfAnotherMemberOrClusterIsRefused() throws Exception {
    Map<String, String> before = found();
    Result member =
        programs.run(
            KvServer.class,
            List.of(),
            "--id=2",
            "--cluster=%s,2=localhost:%d".formatted(alone(), ports.get(1)),
            "--data=" + data);
    assertEquals(1, member.code(), member.err());
    assertEquals(1, member.err().lines().count(), member.err());
    assertEquals(before, stored());
    Result cluster = server(alone() + ",2=localhost:" + ports.get(1)).end();
    assertEquals(1, cluster.code(), cluster.err());
    assertEquals(1, cluster.err().lines().count(), cluster.err());
    assertEquals(before, stored());
  }

  @Test
  void aDirectoryOfTheOtherEngineIsRefused() throws Exception {
    Map<String, String> before = found();
    assertSays(
        1,
        "kv-server: the data directory belongs to a group that runs raft, but this replica was"
            + " started with paxos: start it with the protocol of its group",
        server(alone(), "paxos").end());
    assertEquals(before, stored());
  }

  /** Same ids, same addresses: only the other members can tell, and the replica then stops. */
  @Test
  void aDirectoryOfAnotherClusterWithTheSameMembersIsRefusedByItsMembers() throws Exception {
    String cluster =
        "1=localhost:%d,2=localhost:%d,3=localhost:%d"
            .formatted(ports.get(0), ports.get(1), ports.get(2));
    for (Running server : three(cluster, "old")) {
      assertEquals(0, server.end().code());
    }
    data = directory.resolve("old-1");
    Map<String, String> before = stored();
    Running first = three(cluster, "new").get(0);
    assertEquals(0, first.end().code());
    Running stranger = server(cluster);
    stranger.awaitEnd();
    Result result = stranger.end();
    assertEquals(1, result.code(), result.err());
    assertTrue(
        result.err().contains("kv-server: member 1 has halted: the data directory belongs to "),
        result.err());
    assertEquals(before, stored());
  }

  private List<Running> three(String cluster, String name) throws IOException {
    List<Running> servers = new ArrayList<>();
    for (int id = 1; id <= 3; id++) {
      servers.add(
          programs.start(
              KvServer.class,
              "--id=" + id,
              "--cluster",
              cluster,
              "--data=" + directory.resolve(name + "-" + id),
              "--attached"));
    }
    for (Running server : servers) {
      server.await("ready");
    }
    return servers;
  }

  @Test
  void wrongLinesAreToldAndTheRestIsServed() throws Exception {
    Running server = server(alone());
    String lines = server.await("lines at ");
    server.await("ready");
    Result result =
        programs.run(
            KvClient.class,
            List.of("put k v", "frob", "put k", "delete x", "get k", "quit"),
            "--connect",
            lines);
    assertEquals(
        """
        error: unknown command "frob"; help lists the commands
        error: put takes a key and a value, not 1 words; put double quotes around a word with blanks
        error: rejected: key "x" is absent
        """,
        result.err());
    assertTrue(result.out().matches("ok, command [0-9]+\n\"v\"\nbye\n"), result.out());
    assertEquals(1, result.code());

    Result typed =
        programs.run(KvClient.class, List.of(), "--cluster", alone(), "cas", "k", "v", "two words");
    assertEquals(0, typed.code(), typed.err());
    Result read = programs.run(KvClient.class, List.of(), "--connect", lines, "get", "k");
    assertEquals("\"two words\"\n", read.out());
    assertSays(
        2,
        "kv-client: unknown command \"frob\"; help lists the commands",
        programs.run(KvClient.class, List.of(), "--cluster", alone(), "frob"));
  }
}
