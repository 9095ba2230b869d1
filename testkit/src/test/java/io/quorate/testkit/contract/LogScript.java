package io.quorate.testkit.contract;

import io.quorate.spi.Entry;
import io.quorate.spi.LogStore;
import io.quorate.spi.Payload;
import io.quorate.spi.Stamp;
import java.util.Arrays;
import java.util.Random;

/**
 * Seeded work on a log of three groups, one of which is mostly idle. Enough is released and removed
 * for segments to be given up, and enough stays for some of it to be copied.
 */
public final class LogScript {
  private static final int GROUPS = 3;

  private final Random random;
  private final LogModel model = new LogModel(GROUPS);

  /** With the seed that decides all steps. */
  public LogScript(long seed) {
    random = new Random(seed);
  }

  /** What the log may hold. */
  public LogModel model() {
    return model;
  }

  /** Writes some records and syncs them. */
  public void drain(LogStore store) {
    for (int step = random.nextInt(6); step >= 0; step--) {
      step(store, Math.max(1, random.nextInt(10) - 6));
    }
    model.sync(store);
  }

  private void step(LogStore store, int group) {
    LogModel.Replica replica = model.replica(group);
    long last = replica.last();
    int choice = random.nextInt(40);
    if (choice < 3 && last >= replica.first()) {
      model.truncate(store, group, 1, Math.max(1, last - random.nextInt(3)));
    } else if (choice < 7) {
      model.save(store, group, bytes(random.nextInt(100)));
    } else if (choice < 10) {
      model.release(store, group, 1, Math.max(0, last + 1 - random.nextInt(4)));
    } else if (choice == 10) {
      model.remove(store, group);
    } else {
      boolean rewrites = choice < 18 && last >= replica.first();
      long index = rewrites ? last - random.nextInt((int) (last - replica.first() + 1)) : last + 1;
      Stamp stamp = new Stamp(random.nextInt(5) + 1L, 0);
      Payload value = Payload.of(bytes(random.nextInt(3000)));
      model.write(store, group, new Entry(1, index, Entry.Kind.BATCH, stamp, value));
    }
  }

  /** Random bytes; every other time with a hole of zeros. */
  private byte[] bytes(int length) {
    byte[] bytes = new byte[length];
    random.nextBytes(bytes);
    if (random.nextBoolean()) {
      int from = random.nextInt(length + 1);
      Arrays.fill(bytes, from, Math.min(length, from + random.nextInt(2000)), (byte) 0);
    }
    return bytes;
  }
}
