package io.quorate.examples.durability;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quorate.Cluster;
import io.quorate.Replica;
import io.quorate.examples.hello.HelloQuorate;
import io.quorate.raft.Raft;
import io.quorate.storage.FileLog;
import io.quorate.storage.LogFiles;
import io.quorate.transport.InMemoryTransport;
import java.io.IOException;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a replica has written, read without it. */
class LogFilesTest {
  private static final Pattern COMMANDS = Pattern.compile("\"commands\":\\[([^]]*)]");

  @TempDir private Path directory;

  @Test
  void aDumpShowsTheCommandsThatWereProposed() throws IOException {
    try (Replica replica =
        Replica.of(Cluster.parse("1=a:1"), 1)
            .protocol(Raft.protocol())
            .log(FileLog.at(directory).segmentBytes(16 << 10))
            .transport(InMemoryTransport.hub().transport())
            .start(new HelloQuorate())) {
      replica.ready().join();
      for (String number : new String[] {"1", "-20", "300"}) {
        replica.propose(number.getBytes(UTF_8)).join();
      }
    }
    StringBuilder dump = new StringBuilder();
    LogFiles.Report report =
        LogFiles.at(directory).dump(dump, command -> new String(command, UTF_8));
    assertEquals(0, report.exitCode(), report::text);
    StringBuilder commands = new StringBuilder();
    Matcher matcher = COMMANDS.matcher(dump);
    while (matcher.find()) {
      commands.append(matcher.group(1)).append(' ');
    }
    assertEquals("\"1\" \"-20\" \"300\" ", commands.toString(), dump::toString);
    assertTrue(dump.indexOf("problem") < 0, dump::toString);
  }
}
