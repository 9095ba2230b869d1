package io.quorate.examples.backup;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quorate.Admin;
import io.quorate.Backup;
import io.quorate.QuorateException;
import io.quorate.Reply;
import io.quorate.SnapshotInfo;
import io.quorate.examples.cli.Engines;
import io.quorate.examples.hello.HelloQuorate;
import io.quorate.storage.FileLog;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** A backup of a group that goes on, and another group, or a late replica, made of it. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class BackupTest {
  private static final UUID NEW_ID = new UUID(7, 7);

  @TempDir private Path directory;

  private Path in(String name) {
    return directory.resolve(name);
  }

  private static Reply add(Group group, int number) throws Exception {
    return Group.get(group.client.propose(Integer.toString(number).getBytes(UTF_8)));
  }

  private static String text(Reply reply) {
    return new String(reply.value(), UTF_8);
  }

  private static void assertSays(Throwable thrown, String... words) {
    for (String word : words) {
      assertTrue(String.valueOf(thrown.getMessage()).contains(word), thrown::toString);
    }
  }

  /** Ten commands, whose sum is 55, and a backup; then one more. */
  private SnapshotInfo backedUp(Engines engine) throws Exception {
    try (Group group = new Group(engine.protocol(), in("old"), HelloQuorate::new).ready()) {
      for (int i = 1; i <= 10; i++) {
        add(group, i);
      }
      int leader = group.replica(1).status().leader();
      SnapshotInfo info = Group.get(group.client.admin().backup(leader, in("backup").toString()));
      assertEquals("1055", text(add(group, 1000)));
      return info;
    }
  }

  @ParameterizedTest
  @CsvSource({"RAFT,RAFT", "PAXOS,PAXOS", "RAFT,PAXOS", "PAXOS,RAFT"})
  void anotherClusterBeginsWithTheBackupAndWithANumberNeverUsed(Engines from, Engines to)
      throws Exception {
    SnapshotInfo backup = backedUp(from);
    assertEquals(10, backup.commandIndex());
    assertEquals(List.of(1, 2, 3), backup.members());
    assertEquals(backup, Backup.at(in("backup").toString()).verify(FileLog.at(in("any"))));
    for (int member = 1; member <= 3; member++) {
      SnapshotInfo held = restore(member);
      assertEquals(10 + (1L << 40), held.commandIndex());
      assertEquals(NEW_ID.toString(), held.clusterId());
    }
    try (Group group = new Group(to.protocol(), in("new"), HelloQuorate::new).ready()) {
      Reply reply = add(group, 0);
      assertEquals("55", text(reply));
      assertEquals(11 + (1L << 40), reply.index());
      assertEquals(NEW_ID.toString(), group.replica(2).status().clusterId());
      Admin admin = group.client.admin();
      assertEquals(NEW_ID.toString(), Group.get(admin.snapshot(3)).clusterId());
    }
    // The first own snapshot, and the log behind it, are what it starts from now.
    try (Group group = new Group(to.protocol(), in("new"), HelloQuorate::new).ready()) {
      assertEquals("57", text(add(group, 2)));
    }
  }

  private SnapshotInfo restore(int member) {
    return Backup.at(in("backup").toString())
        .restore(Group.log(in("new"), member), member, NEW_ID, 0);
  }

  @ParameterizedTest
  @EnumSource
  void whoWasNotRestoredFoundsNothingWithThoseThatWere(Engines engine) throws Exception {
    backedUp(engine);
    restore(1);
    restore(2);
    try (Group group = new Group(engine.protocol(), in("new"), HelloQuorate::new)) {
      ExecutionException late =
          assertThrows(
              ExecutionException.class,
              () ->
                  Group.get(group.replica(3).propose("1".getBytes(UTF_8), Duration.ofSeconds(3))));
      assertSays(late, "QRT-105", "restore it too");
      group.stop(3);
      Path data = in("new").resolve("data3");
      try (Stream<Path> files = Files.list(data)) {
        files.forEach(BackupTest::delete);
      }
      restore(3);
      group.start(3);
      group.ready();
      assertEquals("55", text(add(group, 0)));
    }
  }

  private static void delete(Path file) {
    try {
      Files.delete(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @ParameterizedTest
  @EnumSource
  void aReplicaThatWasAwayIsSeededAndCatchesUp(Engines engine) throws Exception {
    try (Group group = new Group(engine.protocol(), in("old"), HelloQuorate::new).ready()) {
      add(group, 1);
      int leader = group.replica(1).status().leader();
      int away = leader == 3 ? 2 : 3;
      group.stop(away);
      for (int i = 0; i < 10; i++) {
        add(group, 1);
        Group.get(group.client.admin().snapshot(leader)); // So the log is given up.
      }
      SnapshotInfo backup = Group.get(group.client.admin().backup(leader, in("backup").toString()));
      assertEquals(11, backup.commandIndex());
      FileLog log = Group.log(in("old"), away);
      assertEquals(backup, Backup.at(in("backup").toString()).seed(log, away));
      assertSays(
          assertThrows(
              QuorateException.class, () -> Backup.at(in("backup").toString()).seed(log, away)),
          "it brings nothing");
      group.start(away);
      Group.get(group.replica(away).ready());
      assertEquals("12", text(add(group, 1)));
      Reply there = Group.get(group.replica(away).propose("0".getBytes(UTF_8)));
      assertEquals("12", text(there));
    }
  }

  @Test
  void aReplicaIsSeededByItsOwnClusterOnly() throws Exception {
    backedUp(Engines.RAFT);
    for (int member = 1; member <= 3; member++) {
      restore(member);
    }
    try (Group group = new Group(Engines.RAFT.protocol(), in("new"), HelloQuorate::new).ready()) {
      add(group, 1);
    }
    assertSays(
        assertThrows(
            QuorateException.class,
            () -> Backup.at(in("backup").toString()).seed(Group.log(in("new"), 2), 2)),
        "belongs to cluster " + NEW_ID,
        "Nothing was changed");
  }

  @Test
  void nothingIsWrittenOverAnything() throws Exception {
    backedUp(Engines.RAFT);
    restore(1);
    assertSays(assertThrows(QuorateException.class, () -> restore(1)), "is not empty");
    assertSays(
        assertThrows(
            QuorateException.class,
            () ->
                Backup.at(in("backup").toString()).restore(Group.log(in("old"), 2), 2, NEW_ID, 0)),
        "is not empty");
    try (Group group = new Group(Engines.RAFT.protocol(), in("old"), HelloQuorate::new).ready()) {
      for (String taken : List.of("backup", "old/data1")) {
        ExecutionException refused =
            assertThrows(
                ExecutionException.class,
                () -> Group.get(group.client.admin().backup(1, in(taken).toString())));
        assertTrue(
            String.valueOf(refused.getMessage()).matches("(?s).*(is not empty|in use).*"),
            refused::toString);
      }
    }
  }

  @Test
  void theOldIdentityIsNotKept() throws Exception {
    SnapshotInfo backup = backedUp(Engines.RAFT);
    assertSays(
        assertThrows(
            QuorateException.class,
            () ->
                Backup.at(in("backup").toString())
                    .restore(Group.log(in("new"), 1), 1, UUID.fromString(backup.clusterId()), 0)),
        "a restored cluster is another one");
    Backup.at(in("backup").toString()).restore(Group.log(in("new"), 1), 1, NEW_ID, 5L << 40);
    SnapshotInfo again =
        Backup.at(in("backup").toString())
            .restore(Group.log(in("other"), 1), 1, new UUID(8, 8), 6L << 40);
    assertEquals(7L << 40, again.commandIndex());
  }

  @Test
  void damageIsSaidWithItsPlaceAndNothingIsRestored() throws Exception {
    backedUp(Engines.RAFT);
    Path file;
    try (Stream<Path> files = Files.list(in("backup"))) {
      file = files.filter(each -> each.toString().endsWith(".snap")).findFirst().orElseThrow();
    }
    long size = Files.size(file);
    for (long offset : new long[] {20, 4096 + 30, size - 4000}) {
      flip(file, offset);
      for (QuorateException damaged :
          List.of(
              assertThrows(
                  QuorateException.class,
                  () -> Backup.at(in("backup").toString()).verify(FileLog.at(in("any")))),
              assertThrows(QuorateException.class, () -> restore(1)))) {
        assertSays(damaged, ".snap, offset ");
      }
      flip(file, offset);
    }
    assertTrue(Files.notExists(in("new")), "nothing was touched");
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
      channel.truncate(size - 4096);
    }
    assertSays(assertThrows(QuorateException.class, () -> restore(1)), ".snap, offset ");
    assertSays(
        assertThrows(
            QuorateException.class,
            () -> Backup.at(in("nowhere").toString()).verify(FileLog.at(in("any")))),
        "there is no directory");
    Files.createDirectory(in("empty"));
    assertSays(
        assertThrows(
            QuorateException.class,
            () -> Backup.at(in("empty").toString()).verify(FileLog.at(in("any")))),
        "there is no backup in");
  }

  private static void flip(Path file, long offset) throws IOException {
    try (FileChannel channel =
        FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
      ByteBuffer one = ByteBuffer.allocate(1);
      channel.read(one, offset);
      channel.write(ByteBuffer.wrap(new byte[] {(byte) (one.get(0) ^ 4)}), offset);
    }
  }
}
