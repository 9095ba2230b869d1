package io.quorate.benchmarks;

import com.sun.management.GarbageCollectorMXBean;
import com.sun.management.GcInfo;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.lang.management.MemoryType;
import java.lang.management.MemoryUsage;
import java.nio.file.Files;
import java.nio.file.Path;

/** How much memory this process has. */
final class Memory {
  private static final Path STATUS = Path.of("/proc/self/status");
  private static final String RESIDENT = "VmRSS:";

  private Memory() {}

  /** Bytes of the heap that the last collection has left; 0 before the first. */
  static long heapAfterCollection() {
    GcInfo last = null;
    for (GarbageCollectorMXBean collector :
        ManagementFactory.getPlatformMXBeans(GarbageCollectorMXBean.class)) {
      GcInfo info = collector.getLastGcInfo();
      if (info != null && (last == null || info.getEndTime() > last.getEndTime())) {
        last = info;
      }
    }
    long bytes = 0;
    if (last != null) {
      for (MemoryPoolMXBean pool : ManagementFactory.getMemoryPoolMXBeans()) {
        MemoryUsage left = last.getMemoryUsageAfterGc().get(pool.getName());
        bytes += pool.getType() == MemoryType.HEAP && left != null ? left.getUsed() : 0;
      }
    }
    return bytes;
  }

  /** Bytes of the heap that are alive; stops all threads for a while to find out. */
  static long live() {
    System.gc();
    return heapAfterCollection();
  }

  /** Bytes of the heap that are in use now, with what the next collection will find dead. */
  static long heap() {
    return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
  }

  /** Bytes that the system has given to the process; 0 where it does not say. */
  static long resident() throws IOException {
    if (!Files.exists(STATUS)) {
      return 0;
    }
    for (String line : Files.readAllLines(STATUS)) {
      if (line.startsWith(RESIDENT)) {
        return Long.parseLong(line.replaceAll("[^0-9]", "")) << 10;
      }
    }
    return 0;
  }
}
