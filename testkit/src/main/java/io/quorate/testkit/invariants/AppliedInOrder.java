package io.quorate.testkit.invariants;

import io.quorate.spi.Entry;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** IC5: commands are applied in the order in which the committed entries carry them. */
/* Each command, when it is first applied, is looked for in the committed entries, from where the one
 * before was found. What lies between (refused copies, fenced batches, headers) is passed over, so
 * nothing is assumed about the format of a batch but that it contains its commands' bytes in order.
 * The first place that fits is taken; if the commands are there in order at all, taking the earliest
 * place for each finds them. Every byte that was committed is looked at once or twice in a run.
 */
final class AppliedInOrder {
  private static final String RULE = "IC5 AppliedInOrder";

  private final Verdict verdict;
  private final Group group;
  private long entry;
  private ByteBuffer value = ByteBuffer.allocate(0);
  private int position;

  AppliedInOrder(Verdict verdict, Group group) {
    this.verdict = verdict;
    this.group = group;
  }

  /** The next command of the history, applied for the first time. */
  void applied(int member, History.Applied command) {
    while (!isFound(command.bytes)) {
      if (entry >= group.committed()) {
        verdict.breaks(
            RULE,
            String.format(
                "member %d applies %s as command %d, which no committed entry carries after"
                    + " command %d",
                member, command, command.index, command.index - 1));
        return;
      }
      entry++;
      position = 0;
      value = commandsOf(group.written(entry, group.committed(entry)));
    }
    command.entry = entry;
  }

  private static ByteBuffer commandsOf(Group.@Nullable Written written) {
    return written != null && written.entry.kind() == Entry.Kind.BATCH
        ? written.value().buffer()
        : ByteBuffer.allocate(0);
  }

  private boolean isFound(byte[] command) {
    int last = value.limit() - command.length;
    for (int at = position; at <= last && value.limit() > 0; at++) {
      int same = 0;
      while (same < command.length && value.get(at + same) == command[same]) {
        same++;
      }
      if (same == command.length) {
        position = at + same;
        return true;
      }
    }
    return false;
  }
}
