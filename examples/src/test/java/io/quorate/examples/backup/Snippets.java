package io.quorate.examples.backup;

import io.quorate.Backup;
import io.quorate.Client;
import io.quorate.SnapshotInfo;
import io.quorate.storage.FileLog;
import java.nio.file.Path;
import java.util.UUID;

/** What docs/snapshots.md shows, compiled. */
final class Snippets {
  private Snippets() {}

  static SnapshotInfo backUp(Client client) {
    SnapshotInfo held = client.admin().backup(2, "/backups/monday").join();
    System.out.println("up to command " + held.commandIndex() + ", " + held.bytes() + " bytes");
    return held;
  }

  static void restore(int member, String id) {
    Backup backup = Backup.at("/backups/monday");
    FileLog data = FileLog.at(Path.of("/data/" + member));
    SnapshotInfo begins = backup.restore(data, member, UUID.fromString(id), 0);
    System.out.println("goes on behind command " + begins.commandIndex());
  }

  static void seed(int member) {
    Backup.at("/backups/monday").seed(FileLog.at(Path.of("/data/" + member)), member);
  }
}
