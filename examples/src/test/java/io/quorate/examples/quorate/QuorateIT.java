package io.quorate.examples.quorate;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.quorate.Cluster;
import io.quorate.Replica;
import io.quorate.examples.Programs;
import io.quorate.examples.kv.KvCommand;
import io.quorate.examples.kv.KvMachine;
import io.quorate.raft.Raft;
import io.quorate.storage.FileLog;
import io.quorate.transport.NettyTransport;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.RandomAccessFile;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Each command at a cluster of three, as a person types it. */
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class QuorateIT {
  @TempDir Path directory;
  private final List<Replica> replicas = new ArrayList<>();
  private Cluster cluster;
  private String out = "";
  private String err = "";

  @BeforeEach
  void start() throws Exception {
    List<Integer> ports = Programs.freePorts(3);
    cluster =
        Cluster.parse(
            "1=localhost:%d,2=localhost:%d,3=localhost:%d"
                .formatted(ports.get(0), ports.get(1), ports.get(2)));
    for (int id = 1; id <= 3; id++) {
      replicas.add(
          Replica.of(cluster, id)
              .protocol(Raft.protocol())
              .log(FileLog.at(data(id)).segmentBytes(1 << 20))
              .transport(NettyTransport.create())
              .start(new KvMachine()));
    }
    replicas.forEach(replica -> replica.ready().join());
    replicas.get(0).propose(new KvCommand.Put("greeting", "good morning").encode()).join();
  }

  @AfterEach
  void end() {
    replicas.forEach(Replica::close);
  }

  private Path data(int id) {
    return directory.resolve("data-" + id);
  }

  private int quorate(String... args) {
    StringWriter toOut = new StringWriter();
    StringWriter toErr = new StringWriter();
    int code = Quorate.run(new PrintWriter(toOut), new PrintWriter(toErr), args);
    out = toOut.toString();
    err = toErr.toString();
    return code;
  }

  private String at() {
    return "--cluster=" + cluster;
  }

  @Test
  void statusTellsOfAllAndFailsIfOneIsAway() {
    assertEquals(0, quorate("status", at()), err);
    assertEquals(4, out.lines().count(), out);
    assertTrue(out.matches("(?s)MEMBER +ROLE +LEADER .* leader .*"), out);
    assertEquals(0, quorate("status", at(), "--member", "2", "--json"), err);
    JsonArray answers = JsonParser.parseString(out).getAsJsonArray();
    JsonObject status = answers.get(0).getAsJsonObject().getAsJsonObject("status");
    assertEquals(2, status.get("member").getAsInt());
    replicas.get(2).close();
    assertEquals(1, quorate("status", at(), "--timeout", "2"));
    assertTrue(out.contains("member 3 does not answer: "), out);
  }

  @Test
  void membersAreListed() {
    assertEquals(0, quorate("members", at()), err);
    assertEquals(4, out.lines().count(), out);
    for (int id : cluster.members()) {
      assertTrue(out.contains(id + "       " + cluster.address(id)), out);
    }
    assertEquals(0, quorate("members", at(), "--json"), err);
    assertEquals(3, JsonParser.parseString(out).getAsJsonArray().size());
  }

  @Test
  void leadershipIsHandedOver() {
    int leader = replicas.get(0).status().leader();
    int other = 1 + leader % 3;
    assertEquals(0, quorate("transfer", at(), "--to", "" + other), err);
    assertEquals("member " + other + " leads\n", out);
    assertEquals("leader", replicas.get(other - 1).status().role());
    replicas.get(leader - 1).close();
    assertEquals(1, quorate("transfer", at(), "--to", "" + leader, "--timeout", "5"));
    assertEquals(1, err.lines().count(), err);
  }

  @Test
  void aBackupIsWrittenVerifiedAndRestored() {
    assertEquals(0, quorate("snapshot", at(), "--member", "2"), err);
    assertTrue(out.startsWith("member 2 has taken a snapshot\ncluster "), out);
    String backup = directory.resolve("backup").toString();
    assertEquals(0, quorate("backup", at(), "--member", "1", "--to", backup, "--json"), err);
    long index = JsonParser.parseString(out).getAsJsonObject().get("commandIndex").getAsLong();
    assertEquals(1, quorate("backup", at(), "--member", "1", "--to", backup), "it is not empty");
    assertEquals(0, quorate("restore", backup), err);
    assertTrue(out.contains("up to command " + index + " "), out);
    String into = directory.resolve("restored").toString();
    assertEquals(2, quorate("restore", backup, "--into", into, "--member", "1"));
    String id = UUID.randomUUID().toString();
    String[] call = {"restore", backup, "--into", into, "--member=1", "--cluster-id=" + id};
    assertEquals(0, quorate(call), err);
    assertEquals(1, quorate(call), "it is not empty any more");
    assertEquals(1, quorate("restore", directory.resolve("nowhere").toString()));
    assertEquals(1, err.lines().count(), err);
    replicas.get(2).close();
    assertEquals(
        0, quorate("restore", backup, "--into", data(3).toString(), "--member=3", "--seed"), err);
  }

  @Test
  void aLogIsVerifiedDumpedCountedAndRepaired() throws Exception {
    Path log = data(1);
    assertEquals(2, quorate("log", "verify", log.toString()));
    assertTrue(out.contains("unreadable: "), out);
    replicas.get(0).close();
    assertEquals(0, quorate("log", "verify", log.toString()), out);
    assertTrue(out.contains("sound: 0 findings"), out);
    assertEquals(0, quorate("log", "dump", log.toString(), "--commands", "text"), err);
    assertTrue(out.contains("good morning"), out);
    assertTrue(out.lines().map(JsonParser::parseString).allMatch(JsonElement::isJsonObject));
    assertEquals(0, quorate("log", "dump", log.toString(), "--commands", "hex"), err);
    assertTrue(out.contains("676f6f64206d6f726e696e67"), out);
    assertEquals(2, quorate("log", "dump", log.toString(), "--commands", "java.lang.String"));
    assertEquals(0, quorate("log", "stats", log.toString(), "--json"), err);
    assertTrue(JsonParser.parseString(out).getAsJsonObject().has("groups"));
    Path file = fileWith("good morning", log);
    long value = Files.readString(file, ISO_8859_1).indexOf("good morning");
    flip(file, value);
    assertEquals(1, quorate("log", "verify", log.toString(), "--json"));
    JsonObject finding = finding();
    assertTrue(finding.get("index").getAsLong() > 0, out);
    flip(file, value);
    repairHeader(log, file, finding.get("offset").getAsLong());
  }

  /** A bit of a record's header: what it was can be told. */
  private void repairHeader(Path log, Path file, long record) throws Exception {
    flip(file, record + 20);
    assertEquals(1, quorate("log", "verify", log.toString(), "--json"));
    String place = file.getFileName() + ":" + finding().get("offset").getAsLong();
    assertEquals(2, quorate("log", "repair", log.toString(), "--undo-flip", "somewhere"));
    assertEquals(1, quorate("log", "repair", log.toString(), "--dry-run", "--undo-flip", place));
    assertTrue(out.contains("would do: "), out);
    assertEquals(0, quorate("log", "repair", log.toString(), "--undo-flip", place), out);
    assertEquals(0, quorate("log", "verify", log.toString()), out);
  }

  private JsonObject finding() {
    JsonObject report = JsonParser.parseString(out).getAsJsonObject();
    return report.getAsJsonArray("findings").get(0).getAsJsonObject();
  }

  private static Path fileWith(String text, Path log) throws IOException {
    try (Stream<Path> files = Files.list(log)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        if (Files.readString(file, ISO_8859_1).contains(text)) {
          return file;
        }
      }
    }
    throw new AssertionError("no file of " + log + " has it");
  }

  private static void flip(Path file, long at) throws IOException {
    try (RandomAccessFile bytes = new RandomAccessFile(file.toFile(), "rw")) {
      bytes.seek(at);
      int old = bytes.read();
      bytes.seek(at);
      bytes.write(old ^ 1);
    }
  }

  @Test
  void doctorTellsWhatIsWrong() {
    assertEquals(0, quorate("doctor", at(), "--data", directory.resolve("new").toString()), out);
    assertTrue(out.contains("a sync of 4 KiB takes "), out);
    assertEquals(1, quorate("doctor", "--cluster=1=localhost:1,2=nowhere.invalid:7", "--json"));
    assertTrue(out.contains("nowhere.invalid does not resolve"), out);
    assertEquals(
        1,
        JsonParser.parseString(out)
                .getAsJsonArray()
                .get(1)
                .getAsJsonObject()
                .get("fine")
                .getAsBoolean()
            ? 0
            : 1);
  }

  @Test
  void benchMeasures() {
    assertEquals(0, quorate("bench", "--seconds=1", "--in-flight=16", "--bytes=100", "--json"));
    assertTrue(
        JsonParser.parseString(out).getAsJsonObject().get("commandsPerSecond").getAsDouble() > 0);
    assertEquals(2, quorate("bench", "--seconds=0"));
    assertEquals("quorate bench: --seconds is 0; write a number from 1 to 3600\n", err);
  }

  @Test
  void wrongCallsAreOneSentence() {
    assertEquals(2, quorate());
    assertTrue(err.startsWith("Usage: quorate"), err);
    assertEquals(2, quorate("stauts"));
    assertEquals(1, err.lines().count(), err);
    assertEquals(2, quorate("status"));
    assertEquals(
        "quorate status: Missing required option: '--cluster=ID=HOST:PORT,...'; --help explains"
            + " it\n",
        err);
    assertEquals(0, quorate("log", "verify", "--help"));
  }

  @Test
  void howFarItIsIsShownOnATerminalAndToNobodyElse() {
    String backup = directory.resolve("backup").toString();
    assertEquals(0, quorate("backup", at(), "--member", "1", "--to", backup), err);
    replicas.get(0).close();
    String[] verify = {"log", "verify", data(1).toString()};
    String[] restore = {"restore", backup};
    for (String[] call : List.of(verify, restore)) {
      assertEquals(0, quorate(call), err);
      assertEquals("", err);
      System.setProperty("quorate.terminal", "true");
      try {
        assertEquals(0, quorate(call), err);
        assertTrue(err.contains("##] 100 %  "), err);
        assertTrue(err.endsWith(" \r"), "wiped: " + err);
        assertFalse(out.contains("%"), out);
        String[] json = Stream.concat(Stream.of(call), Stream.of("--json")).toArray(String[]::new);
        assertEquals(0, quorate(json), err);
        assertEquals("", err);
      } finally {
        System.clearProperty("quorate.terminal");
      }
    }
  }
}
