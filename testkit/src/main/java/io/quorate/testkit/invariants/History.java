package io.quorate.testkit.invariants;

import io.quorate.Command;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/** The commands as they were first applied, by whomever; at [0] the one with index 1. */
final class History {
  private final List<Applied> commands = new ArrayList<>();

  /** A command, what it led to, and where. */
  static final class Applied {
    final long index;

    /** As the state machine sees it, which is above {@link #index} in a restored cluster. */
    final long commandIndex;

    final byte[] bytes;
    final long time;
    final String session;
    final Answer answer;

    /** The entry that carries it, or an earlier one that might; 0 where nobody has looked. */
    long entry;

    private final String text;
    private final ByteBuffer view;

    Applied(
        long index,
        long commandIndex,
        byte[] bytes,
        long time,
        String session,
        Answer answer,
        String text) {
      this.text = text;
      this.index = index;
      this.commandIndex = commandIndex;
      this.bytes = bytes;
      this.time = time;
      this.session = session;
      this.answer = answer;
      view = ByteBuffer.wrap(bytes);
    }

    /** The one with that number, in a count without gaps. */
    static Applied of(long index, Command command, Answer answer, Function<byte[], String> words) {
      byte[] bytes = command.bytes();
      return new Applied(
          index,
          command.index(),
          bytes,
          command.time(),
          command.session(),
          answer,
          words.apply(bytes));
    }

    String text() {
      return text;
    }

    boolean isSame(ByteBuffer command, long at) {
      return time == at && view.equals(command);
    }

    @Override
    public String toString() {
      return "\"" + text + "\" at " + time + " ns";
    }
  }

  long size() {
    return commands.size();
  }

  boolean has(long index) {
    return index > 0 && index <= commands.size();
  }

  Applied at(long index) {
    return commands.get((int) index - 1);
  }

  void add(Applied command) {
    commands.add(command);
  }
}
