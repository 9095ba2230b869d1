package io.quorate.examples.lock;

import io.quorate.Codec;
import io.quorate.Command;
import io.quorate.CommandRejectedException;
import io.quorate.ServiceCodec;
import io.quorate.TypedStateMachine;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Locks that end by themselves. A lease runs in cluster time, which is the same on all replicas and
 * stands still while the group has no leader; so nobody loses a lock because the group was away.
 *
 * <p>A lease bounds how long others wait; it protects nothing. A holder that was paused may believe
 * in a lock that is long another's. What protects is the token: whatever is changed under the lock
 * has to refuse a token below the greatest it has seen.
 */
public final class Locks extends TypedStateMachine<LockCommand, Grant, String, Grant> {
  /** The language of commands, grants and lock names. */
  public static final ServiceCodec<LockCommand, Grant, String, Grant> CODEC =
      new ServiceCodec<>(LockCommand.CODEC, Grant.CODEC, Codec.utf8(), Grant.CODEC);

  private final TreeMap<String, Held> held = new TreeMap<>();
  private long now;

  /** Without a lock that is held. */
  public Locks() {
    super(CODEC);
  }

  private record Held(long token, String holder, long ends) {}

  /** The grant that stands after the command: another's, if the lock was not free. */
  @Override
  protected Grant execute(Command at, LockCommand command) {
    now = at.time();
    String lock = command.lock();
    Held current = current(lock);
    if (command instanceof LockCommand.Acquire acquire) {
      if (current == null) {
        held.put(lock, new Held(at.index(), acquire.holder(), end(acquire.leaseMillis())));
      }
    } else if (command instanceof LockCommand.Renew renew) {
      Held mine = checked(lock, current, renew.token());
      held.put(lock, new Held(mine.token, mine.holder, end(renew.leaseMillis())));
    } else if (command instanceof LockCommand.Release release) {
      checked(lock, current, release.token());
      held.remove(lock);
    } else {
      throw new AssertionError(command);
    }
    return answer(lock);
  }

  private @Nullable Held current(String lock) {
    Held found = held.get(lock);
    return found == null || found.ends <= now ? null : found;
  }

  private long end(long leaseMillis) {
    return now + TimeUnit.MILLISECONDS.toNanos(leaseMillis);
  }

  private static Held checked(String lock, @Nullable Held current, long token) {
    if (current == null || current.token != token) {
      throw new CommandRejectedException(
          "lock " + lock + " is no longer held under token " + token + "; acquire it anew");
    }
    return current;
  }

  /** Who has it, as of the last command. */
  @Override
  protected Grant answer(String lock) {
    Held found = current(lock);
    return found == null
        ? Grant.FREE
        : new Grant(found.token, found.holder, TimeUnit.NANOSECONDS.toMillis(found.ends - now) + 1);
  }

  @Override
  public void snapshot(OutputStream out) throws IOException {
    DataOutputStream data = new DataOutputStream(out);
    data.writeLong(now);
    data.writeInt(held.size());
    for (Map.Entry<String, Held> each : held.entrySet()) {
      data.writeUTF(each.getKey());
      data.writeLong(each.getValue().token);
      data.writeUTF(each.getValue().holder);
      data.writeLong(each.getValue().ends);
    }
    data.flush();
  }

  @Override
  public void restore(InputStream in) throws IOException {
    DataInputStream data = new DataInputStream(in);
    now = data.readLong();
    held.clear();
    for (int left = data.readInt(); left > 0; left--) {
      held.put(data.readUTF(), new Held(data.readLong(), data.readUTF(), data.readLong()));
    }
  }
}
