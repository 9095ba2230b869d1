package io.quorate.storage.disk;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quorate.spi.Entry;
import io.quorate.spi.LogStore;
import io.quorate.spi.Stamp;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What is looked at ahead makes no difference, whatever the log holds and however it is damaged.
 */
class SoundRecordsTest {
  private static final int SEGMENT_BYTES = FileLogStore.SEGMENT_BYTES_MIN;

  @TempDir Path directory;

  private final ExecutorService helper = Executors.newSingleThreadExecutor();
  private int damaged;

  @AfterEach
  void stop() {
    helper.shutdown();
  }

  @Test
  void aReplayFindsTheSameWithAndWithoutThem() throws IOException {
    for (int seed = 0; seed < 120; seed++) {
      Path log = directory.resolve("log" + seed);
      Random random = new Random(seed);
      write(log, random);
      check(log, seed);
      for (int i = 0; i < 8; i++) {
        List<Integer> segments = segments(log);
        int segment = segments.get(random.nextInt(segments.size()));
        Path file = log.resolve(Segment.name(segment));
        byte[] sound = Files.readAllBytes(file);
        Files.write(file, changed(sound, random));
        check(log, seed);
        Files.write(file, sound);
      }
    }
    assertTrue(damaged > 100, () -> damaged + " logs were damaged");
  }

  /** A bit, or all that a sector held, or all from there on. */
  private static byte[] changed(byte[] sound, Random random) {
    byte[] changed = sound.clone();
    int at = random.nextInt(changed.length);
    int sector = at / SectorFile.SECTOR * SectorFile.SECTOR;
    switch (random.nextInt(3)) {
      case 0 -> changed[at] ^= (byte) (1 << random.nextInt(8));
      case 1 -> Arrays.fill(changed, sector, sector + SectorFile.SECTOR, (byte) 0);
      default -> Arrays.fill(changed, at, changed.length, (byte) 0);
    }
    return changed;
  }

  private static void write(Path log, Random random) {
    try (FileLogStore store = FileLogStore.open(new RealDisk(log), SEGMENT_BYTES, Runnable::run)) {
      LogStore.Group[] groups = {store.group(1, 1, 11), store.group(2, 1, 12)};
      long[] next = {1, 1};
      for (int i = 0; i < 40; i++) {
        int which = random.nextInt(2);
        LogStore.Group group = groups[which];
        int what = random.nextInt(12);
        if (what == 0) {
          group.save(bytes(random));
        } else if (what == 1) {
          next[which] = Math.max(1, next[which] - random.nextInt(5));
          group.truncate(1, next[which]);
        } else if (what == 2) {
          group.release(1, Math.max(0, next[which] - 8));
        } else if (what == 3) {
          next[which] += random.nextInt(3); // A hole.
        } else {
          next[which] = run(group, next[which], random);
        }
        if (random.nextBoolean()) {
          store.sync();
        }
      }
      groups[0].seal(1, next[0], bytes(random));
      store.sync();
    }
  }

  private static byte[] bytes(Random random) {
    byte[] bytes = new byte[random.nextInt(100)];
    random.nextBytes(bytes);
    return bytes;
  }

  private static long run(LogStore.Group group, long from, Random random) {
    Stamp stamp = new Stamp(1 + random.nextInt(2), random.nextInt(2));
    Entry.Kind kind = random.nextInt(5) == 0 ? Entry.Kind.LEAD : Entry.Kind.BATCH;
    long end = from + 1 + random.nextInt(12);
    for (long index = from; index < end; index++) {
      group.write(new Entry(1, index, kind, stamp, RawLog.value((int) index, random.nextInt(700))));
    }
    return end;
  }

  private static List<Integer> segments(Path log) throws IOException {
    return Recovery.run(new RealDisk(log).list(), new ArrayList<>());
  }

  private void check(Path log, int seed) throws IOException {
    String without = replayed(log, new Replay.Watcher() {}, Runnable::run);
    assertEquals(without, replayed(log, Replay.Watcher.STRICT, Runnable::run), "seed " + seed);
    assertEquals(without, replayed(log, Replay.Watcher.STRICT, helper), "seed " + seed);
    damaged += without.startsWith("damage") ? 1 : 0;
  }

  /** What a replay makes of it. */
  private static String replayed(Path log, Replay.Watcher watcher, Executor helper)
      throws IOException {
    Disk disk = new RealDisk(log);
    List<Segment> segments = new ArrayList<>();
    try {
      for (int number : segments(log)) {
        segments.add(Segment.open(disk, number));
      }
      LiveBytes live = new LiveBytes(1);
      ProgressMeter meter = new ProgressMeter(ProgressListener.NONE, System::nanoTime);
      return text(Replay.of(disk, segments, live, meter, watcher, helper), live);
    } catch (DamageException e) {
      return "damage: " + e.getMessage();
    } finally {
      for (Segment segment : segments) {
        segment.file().close();
      }
    }
  }

  private static String text(Replay.Found found, LiveBytes live) {
    StringBuilder text = new StringBuilder();
    for (Map.Entry<Long, GroupImage> group : new TreeMap<>(found.groups()).entrySet()) {
      GroupImage image = group.getValue();
      text.append(group.getKey()).append(image.summary());
      image.eachLive(
          (position, length) -> text.append(' ').append(position).append('+').append(length));
      LogStore.Recovered recovered = image.recovered(false, (epoch, index) -> unwanted());
      text.append(recovered.stamps()).append(recovered.faulty()).append(recovered.savedLost());
      text.append(Arrays.toString(recovered.saved()));
      recovered.seals().forEach(seal -> text.append(Arrays.toString(seal.next().toByteArray())));
    }
    return text.append(found.end())
        .append(' ')
        .append(found.told())
        .append(' ')
        .append(found.dirty().stream().map(zone -> zone.from() + "-" + zone.to()).toList())
        .append(live.total())
        .toString();
  }

  private static Entry unwanted() {
    throw new AssertionError("no configuration was written");
  }
}
