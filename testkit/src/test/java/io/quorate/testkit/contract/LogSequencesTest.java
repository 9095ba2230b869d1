package io.quorate.testkit.contract;

import io.quorate.spi.Entry;
import io.quorate.spi.LogStore;
import io.quorate.spi.Payload;
import io.quorate.spi.Stamp;
import io.quorate.testkit.disk.SimDisk;
import io.quorate.testkit.disk.SimDisk.Survival;
import java.util.List;
import java.util.Random;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;

/**
 * Any sequence of steps, with crashes, against a model; in tiny segments, so that many are given
 * up.
 */
class LogSequencesTest {
  private static final int SEGMENT_BYTES = 16 << 10;
  private static final int GROUPS = 3;

  /** What to do; the numbers choose where. */
  record Step(What what, int group, int index, int bytes) {
    long epoch() {
      return bytes % 7 < 5 ? 1 : 2;
    }
  }

  enum What {
    WRITE,
    SAVE,
    TRUNCATE,
    RELEASE,
    SEAL,
    REMOVE,
    SYNC,
    REOPEN,
    CRASH
  }

  @Property(tries = 300)
  void aLogHoldsWhatItsModelHolds(@ForAll("steps") List<Step> steps) {
    SimDisk disk = new SimDisk(steps.size());
    LogModel model = new LogModel(GROUPS);
    LogStore store = disk.log(SEGMENT_BYTES).open();
    for (int i = 0; i < steps.size(); i++) {
      Step step = steps.get(i);
      String when = "step " + i + ", " + step;
      switch (step.what) {
        case REOPEN, CRASH -> {
          store = reopen(disk, store, step);
          model.check(store, when);
        }
        default -> {
          perform(step, model, store);
          if (step.what == What.SYNC) {
            model.checkReading(store, when);
          }
        }
      }
    }
    model.checkReading(store, "at the end");
    store = reopen(disk, store, new Step(What.REOPEN, 1, 1, 1));
    model.check(store, "at last");
    store.close();
  }

  private static LogStore reopen(SimDisk disk, LogStore store, Step step) {
    if (step.what == What.CRASH) {
      disk.cutPower();
      store.close();
      Survival[] survivals = Survival.values();
      disk.restart(survivals[step.index % survivals.length]);
    } else {
      store.close();
    }
    return disk.log(SEGMENT_BYTES).open();
  }

  private static void perform(Step step, LogModel model, LogStore store) {
    int group = step.group;
    switch (step.what) {
      case WRITE -> model.write(store, group, entry(step));
      case SAVE -> model.save(store, group, new byte[step.bytes % 300]);
      case TRUNCATE -> model.truncate(store, group, step.epoch(), step.index);
      case RELEASE -> model.release(store, group, step.epoch(), step.index);
      case SEAL -> model.seal(store, group, seal(step));
      case REMOVE -> model.remove(store, group);
      case SYNC -> model.sync(store);
      default -> throw new AssertionError(step);
    }
  }

  private static LogStore.Seal seal(Step step) {
    Payload next = Payload.of(new byte[step.bytes % 500]);
    return new LogStore.Seal(step.epoch() + step.bytes % 2, step.index, next);
  }

  private static Entry entry(Step step) {
    byte[] value = new byte[step.bytes];
    new Random(step.bytes * 31L + step.index).nextBytes(value);
    Stamp stamp = new Stamp(step.bytes, step.group);
    return new Entry(step.epoch(), step.index, Entry.Kind.BATCH, stamp, Payload.of(value));
  }

  @Provide
  Arbitrary<List<Step>> steps() {
    Arbitrary<What> whats =
        Arbitraries.frequency(
            Tuple.of(60, What.WRITE),
            Tuple.of(6, What.SAVE),
            Tuple.of(4, What.TRUNCATE),
            Tuple.of(4, What.RELEASE),
            Tuple.of(3, What.SEAL),
            Tuple.of(1, What.REMOVE),
            Tuple.of(25, What.SYNC),
            Tuple.of(2, What.REOPEN),
            Tuple.of(2, What.CRASH));
    return Combinators.combine(
            whats,
            Arbitraries.frequency(Tuple.of(8, 1), Tuple.of(6, 2), Tuple.of(1, 3)),
            Arbitraries.integers().between(1, 40),
            Arbitraries.integers().between(0, 4000))
        .as(Step::new)
        .list()
        .ofMinSize(50)
        .ofMaxSize(250);
  }
}
