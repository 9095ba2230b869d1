package io.quorate.testkit.disk;

import io.quorate.storage.disk.Disk.FullException;
import java.io.IOException;
import java.util.function.Consumer;

/** Counts the calls of one disk, and knows which of them are to fail. Under the disk's monitor. */
final class Trouble {
  private static final long NEVER = Long.MAX_VALUE;

  private final Consumer<DiskFault> happened;
  private boolean powered = true;
  private boolean failSync;
  private boolean misdirect;
  private long capacityBytes = Long.MAX_VALUE;
  private long calls;
  private long failAt = NEVER;
  private long cutAt = NEVER;

  /** With who hears of each fault, in the call that meets it. */
  Trouble(Consumer<DiskFault> happened) {
    this.happened = happened;
  }

  long calls() {
    return calls;
  }

  boolean isPowered() {
    return powered;
  }

  void power(boolean on) {
    powered = on;
  }

  void failCall(long n) {
    failAt = calls + n;
  }

  void cutPowerAtCall(long n) {
    cutAt = calls + n;
  }

  void failSync() {
    failSync = true;
  }

  void misdirect() {
    misdirect = true;
  }

  void capacity(long bytes) {
    capacityBytes = bytes;
  }

  void mend() {
    failAt = NEVER;
    cutAt = NEVER;
    failSync = false;
    misdirect = false;
    capacityBytes = Long.MAX_VALUE;
  }

  /** Counts a call; returns whether it is to fail. */
  boolean fails() throws IOException {
    if (!powered) {
      throw new IOException("simulated: no power");
    }
    calls++;
    if (calls == cutAt) {
      powered = false;
      happened.accept(DiskFault.CUT_IN_CALL);
      return true;
    }
    if (calls == failAt) {
      happened.accept(DiskFault.CALL_FAILED);
      return true;
    }
    return false;
  }

  /** Whether this sync, which does not fail otherwise, is to fail. */
  boolean failsSync() {
    if (!failSync) {
      return false;
    }
    failSync = false;
    happened.accept(DiskFault.SYNC_FAILED);
    return true;
  }

  /** Whether a write is to land elsewhere, if it can. */
  boolean wantsMisdirection() {
    return misdirect;
  }

  /** A write has landed elsewhere. */
  void misdirected() {
    misdirect = false;
    happened.accept(DiskFault.MISDIRECTED);
  }

  /** Whether there is a bound at all; to know what is used takes a look at all files. */
  boolean isBounded() {
    return capacityBytes != Long.MAX_VALUE;
  }

  boolean hasRoom(long used, long growth) {
    return used <= capacityBytes - growth;
  }

  void checkRoom(long used, long growth) throws IOException {
    if (growth > 0 && used > capacityBytes - growth) {
      happened.accept(DiskFault.FULL);
      throw new FullException("simulated: no space left on device");
    }
  }

  static IOException failure() {
    return new IOException("simulated: input/output error");
  }
}
