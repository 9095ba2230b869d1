package io.quorate.examples.quorate;

import io.quorate.Cluster;
import io.quorate.examples.cli.Program;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.Security;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code quorate doctor}. */
@Command(
    name = "doctor",
    sortOptions = false,
    description =
        "Looks at what a replica needs of this machine: names that resolve, ports that answer, a"
            + " clock without gaps, a disk that syncs. Exits with 1 if anything is wrong.")
final class DoctorCommand implements Callable<Integer> {
  private static final int CONNECT_MILLIS = 2_000;
  private static final int CLOCK_MILLIS = 1_000;
  private static final long GAP_MILLIS_MAX = 100;
  private static final long SYNC_MICROS_MAX = 20_000;
  private static final long FREE_BYTES_MIN = 1L << 30;

  @Option(
      names = "--cluster",
      paramLabel = "ID=HOST:PORT,...",
      description = "Also resolves these names and connects to these ports.")
  private @Nullable Cluster cluster;

  @Option(
      names = "--data",
      paramLabel = "DIR",
      description = "Also looks at the disk below it; its log is not touched.")
  private @Nullable Path data;

  @Mixin private Output output;

  /**
   * What was looked at.
   *
   * @param remedy empty if all is well
   */
  record Check(String what, boolean fine, String found, String remedy) {
    static Check fine(String what, String found) {
      return new Check(what, true, found, "");
    }

    static Check wrong(String what, String found, String remedy) {
      return new Check(what, false, found, remedy);
    }
  }

  @Override
  public Integer call() throws IOException {
    List<Check> checks = new ArrayList<>();
    checks.add(nameCache());
    if (cluster != null) {
      for (int member : cluster.members()) {
        checks.addAll(address("member " + member, cluster.address(member)));
      }
    }
    checks.add(clock());
    if (data != null) {
      checks.addAll(disk(data));
    }
    output.print(checks, () -> text(checks));
    return checks.stream().allMatch(Check::fine) ? Program.FINE : Program.FAILED;
  }

  private static String text(List<Check> checks) {
    StringBuilder text = new StringBuilder();
    for (Check each : checks) {
      text.append(each.fine ? "ok     " : "WRONG  ").append(each.what).append(": ");
      text.append(each.found).append('\n');
      if (!each.fine) {
        text.append("       ").append(each.remedy).append('\n');
      }
    }
    return text.toString();
  }

  private static Check nameCache() {
    String seconds = Security.getProperty("networkaddress.cache.ttl");
    String failed = Security.getProperty("networkaddress.cache.negative.ttl");
    String found =
        "this JVM keeps an address for %s s and a failure for %s s"
            .formatted(seconds == null ? "30" : seconds, failed == null ? "10" : failed);
    return "-1".equals(seconds) || "-1".equals(failed)
        ? Check.wrong(
            "names",
            found.replace("-1 s", "ever"),
            "set networkaddress.cache.ttl to a few seconds in java.security; members may move")
        : Check.fine("names", found);
  }

  private static List<Check> address(String member, String address) {
    int colon = address.lastIndexOf(':');
    String host = address.substring(0, colon);
    int port = Integer.parseInt(address.substring(colon + 1));
    InetAddress[] found;
    try {
      found = InetAddress.getAllByName(host);
    } catch (UnknownHostException e) {
      return List.of(
          Check.wrong(
              member, host + " does not resolve", "give the name to DNS, or mend --cluster"));
    }
    String name = host + " is " + Arrays.stream(found).map(InetAddress::getHostAddress).toList();
    try (Socket socket = new Socket()) {
      socket.connect(new InetSocketAddress(found[0], port), CONNECT_MILLIS);
      return List.of(Check.fine(member, name + ", port " + port + " answers"));
    } catch (IOException e) {
      return List.of(
          Check.wrong(
              member,
              name + ", port " + port + ": " + e.getMessage(),
              "start the member there, or open the port between the machines"));
    }
  }

  /** Looks for gaps in a second: a machine that stands still, or a wall clock that jumps. */
  private static Check clock() {
    long begin = System.nanoTime();
    long beginWall = System.currentTimeMillis();
    long last = begin;
    long gap = 0;
    while (last - begin < TimeUnit.MILLISECONDS.toNanos(CLOCK_MILLIS)) {
      LockSupport.parkNanos(1_000_000);
      long now = System.nanoTime();
      gap = Math.max(gap, now - last);
      last = now;
    }
    long gapMillis = TimeUnit.NANOSECONDS.toMillis(gap);
    long jump =
        System.currentTimeMillis() - beginWall - TimeUnit.NANOSECONDS.toMillis(last - begin);
    String found =
        "longest gap of a second %d ms, wall clock %+d ms against it".formatted(gapMillis, jump);
    return gapMillis > GAP_MILLIS_MAX || Math.abs(jump) > GAP_MILLIS_MAX
        ? Check.wrong(
            "clock",
            found,
            "this machine stood still or its clock was set; a replica here loses its leadership"
                + " for that")
        : Check.fine("clock", found);
  }

  private static List<Check> disk(Path directory) throws IOException {
    Histogram nanos = SyncProbe.measure(directory);
    long median = nanos.getValueAtPercentile(50) / 1_000;
    String sync =
        "a sync of 4 KiB takes %d us (median), %d us (p99)"
            .formatted(median, nanos.getValueAtPercentile(99) / 1_000);
    long free = Files.getFileStore(directory).getUsableSpace();
    String room = "%.1f GiB free".formatted(free / (double) (1 << 30));
    return List.of(
        median > SYNC_MICROS_MAX
            ? Check.wrong(
                "disk",
                sync,
                "each command waits for a sync on a majority; use a disk that syncs faster")
            : Check.fine("disk", sync),
        free < FREE_BYTES_MIN
            ? Check.wrong(
                "disk", room, "a log of 64 MiB segments and its snapshots want at least 1 GiB")
            : Check.fine("disk", room));
  }
}
