package io.quorate.testkit.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quorate.spi.Entry;
import io.quorate.spi.LogStore;
import io.quorate.spi.Payload;
import io.quorate.spi.Stamp;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.TreeMap;

/**
 * Seeded work on a log of two groups, which knows what the log may hold after any of its steps: the
 * state after a prefix of the steps that contains all that were synced.
 */
public final class LogScript {
  private static final int GROUPS = 2;

  private final Random random;
  private final List<State> states = new ArrayList<>(List.of(new State()));
  private int synced;

  /** With the seed that decides all steps. */
  public LogScript(long seed) {
    random = new Random(seed);
  }

  /** What a log holds. */
  private static final class State {
    final List<TreeMap<Long, Entry>> entries = new ArrayList<>();
    final List<String> saved = new ArrayList<>();

    State() {
      for (int group = 0; group < GROUPS; group++) {
        entries.add(new TreeMap<>());
        saved.add("null");
      }
    }

    State copy() {
      State copy = new State();
      for (int group = 0; group < GROUPS; group++) {
        copy.entries.get(group).putAll(entries.get(group));
        copy.saved.set(group, saved.get(group));
      }
      return copy;
    }

    boolean isSameAs(State other) {
      return entries.equals(other.entries) && saved.equals(other.saved);
    }
  }

  /** Opens all groups. */
  public static List<LogStore.Group> groups(LogStore store) {
    List<LogStore.Group> groups = new ArrayList<>();
    for (int group = 1; group <= GROUPS; group++) {
      groups.add(store.group(group, group, group));
    }
    return groups;
  }

  /** Writes some records and syncs them. */
  public void drain(LogStore store) {
    List<LogStore.Group> groups = groups(store);
    for (int step = random.nextInt(6); step >= 0; step--) {
      int group = random.nextInt(GROUPS);
      step(groups.get(group), group);
    }
    store.sync();
    synced = states.size() - 1;
  }

  private void step(LogStore.Group group, int number) {
    State next = states.get(states.size() - 1).copy();
    TreeMap<Long, Entry> entries = next.entries.get(number);
    long last = entries.isEmpty() ? 0 : entries.lastKey();
    int choice = random.nextInt(10);
    // The state counts from the attempt on: a write that fails may have reached the disk.
    states.add(next);
    if (choice == 0 && last > 0) {
      long from = Math.max(1, last - random.nextInt(3));
      entries.tailMap(from).clear();
      group.truncate(1, from);
    } else if (choice == 1) {
      byte[] record = bytes(random.nextInt(100));
      next.saved.set(number, Arrays.toString(record));
      group.save(record);
    } else {
      long index = choice == 2 && last > 0 ? last : last + 1;
      Stamp stamp = new Stamp(random.nextInt(5) + 1L, 0);
      Payload value = Payload.of(bytes(random.nextInt(3000)));
      Entry entry = new Entry(1, index, Entry.Kind.BATCH, stamp, value);
      entries.put(index, entry);
      group.write(entry);
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

  /** Fails unless the store holds all that was synced, and only what was written. Goes on there. */
  public void check(LogStore store, String when) {
    State found = new State();
    List<LogStore.Group> groups = groups(store);
    for (int group = 0; group < GROUPS; group++) {
      LogStore.Recovered recovered = groups.get(group).recovered();
      assertEquals(List.of(), recovered.faulty(), when);
      TreeMap<Long, Entry> entries = found.entries.get(group);
      groups
          .get(group)
          .read(
              1,
              recovered.first(),
              Integer.MAX_VALUE,
              entry -> {
                entries.put(entry.index(), entry);
                return true;
              });
      assertEquals(recovered.last() - recovered.first() + 1, entries.size(), when);
      found.saved.set(group, Arrays.toString(recovered.saved()));
    }
    int at = synced;
    while (at < states.size() && !states.get(at).isSameAs(found)) {
      at++;
    }
    assertTrue(at < states.size(), when + ": the log is in no state that it was in since the sync");
    states.subList(at + 1, states.size()).clear();
    synced = at;
  }
}
