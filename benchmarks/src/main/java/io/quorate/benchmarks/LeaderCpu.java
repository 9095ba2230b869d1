package io.quorate.benchmarks;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadInfo;
import java.lang.management.ThreadMXBean;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;

/** The CPU time of one member's own threads, among those of three in this JVM: loop, log, apply. */
final class LeaderCpu {
  /*
   * Log and apply threads have the member's number at the end of their names. Loops are numbered as
   * they begin: the members of a trio begin in order, and the last three loops are this trio's.
   */
  private static final String LOOP = "quorate-loop-";
  private static final int MEMBERS = 3;

  private final ThreadMXBean threads = ManagementFactory.getThreadMXBean();
  private final long[] ids;

  LeaderCpu(int member) {
    List<ThreadInfo> loops =
        all()
            .filter(thread -> thread.getThreadName().startsWith(LOOP))
            .sorted(Comparator.comparingInt(LeaderCpu::pool))
            .toList();
    long loop = loops.get(loops.size() - MEMBERS + member - 1).getThreadId();
    ids =
        Stream.concat(
                Stream.of(loop),
                all()
                    .filter(thread -> isOf(thread.getThreadName(), member))
                    .map(ThreadInfo::getThreadId))
            .mapToLong(Long::longValue)
            .toArray();
  }

  private Stream<ThreadInfo> all() {
    return Stream.of(threads.getThreadInfo(threads.getAllThreadIds())).filter(Objects::nonNull);
  }

  private static boolean isOf(String name, int member) {
    return name.equals("quorate-log-" + member) || name.equals("quorate-apply-" + member);
  }

  private static int pool(ThreadInfo loop) {
    String name = loop.getThreadName();
    return Integer.parseInt(name.substring(LOOP.length(), name.lastIndexOf('-')));
  }

  long nanos() {
    long sum = 0;
    for (long id : ids) {
      sum += Math.max(0, threads.getThreadCpuTime(id));
    }
    return sum;
  }
}
