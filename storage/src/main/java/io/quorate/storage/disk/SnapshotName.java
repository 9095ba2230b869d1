package io.quorate.storage.disk;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Which snapshot a file holds, as its name says it: whose, and where in the log it stands.
 *
 * @param instance the incarnation of this host's replica in the group
 * @param index the last entry that the state includes
 */
record SnapshotName(long group, long instance, long epoch, long index) {
  private static final String FINISHED = ".snap";
  private static final String PART = ".part";
  private static final Pattern NAME =
      Pattern.compile("([0-9a-f]{16})-([0-9a-f]{16})-([0-9a-f]{16})-([0-9a-f]{16})(\\.[a-z]+)");

  /** The name of the file when it is whole and durable. */
  String finished() {
    return base() + FINISHED;
  }

  /** The name of the file while it is written. */
  String part() {
    return base() + PART;
  }

  private String base() {
    return String.format("%016x-%016x-%016x-%016x", group, instance, epoch, index);
  }

  /** What is in the finished file of that name; null if it is not the name of one. */
  static @Nullable SnapshotName ofFinished(String file) {
    return of(file, FINISHED);
  }

  /** What is in the unfinished file of that name; null if it is not the name of one. */
  static @Nullable SnapshotName ofPart(String file) {
    return of(file, PART);
  }

  private static @Nullable SnapshotName of(String file, String suffix) {
    Matcher matcher = NAME.matcher(file);
    if (!matcher.matches() || !file.endsWith(suffix)) {
      return null;
    }
    return new SnapshotName(
        number(matcher, 1), number(matcher, 2), number(matcher, 3), number(matcher, 4));
  }

  private static long number(Matcher matcher, int part) {
    return Long.parseUnsignedLong(matcher.group(part), 16);
  }

  boolean isOf(long otherGroup, long otherInstance) {
    return group == otherGroup && instance == otherInstance;
  }

  /** Whether it stands before another one of its replica. */
  boolean isBefore(SnapshotName other) {
    return epoch != other.epoch ? epoch < other.epoch : index < other.index;
  }
}
