package io.quorate.runtime;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.quorate.ReadMode;
import io.quorate.spi.Payload;
import io.quorate.spi.Snapshots;
import io.quorate.spi.Stamp;
import io.quorate.spi.Transport;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;

/**
 * The frames that hosts and clients exchange (docs/wire-format.md). Big endian; each but {@link
 * #MESSAGES} begins with the group. Counts and lengths are checked against the bytes that are there
 * before anything is allocated.
 */
final class Wire {
  /**
   * Engine messages: durable 8, (group 8, epoch 8, incarnation 8, header length 4, values length 4,
   * header)*.
   */
  static final int MESSAGES = 1;

  /** Commands for the leader, of a member's own session: group 8, (command as in a batch)*. */
  static final int FORWARD = 2;

  /** The sender knows the receiver under another incarnation: group 8, incarnation it knows 8. */
  static final int REFUSED = 3;

  /** The sender's disk is full, again and again while it is, or is so no more: group 8, full 1. */
  static final int FULL = 4;

  /**
   * What of FORWARD the leader did not take: group 8, retry after millis 4, text length 4, text,
   * (session 16, sequence 8)*.
   */
  static final int TURNED_AWAY = 5;

  /**
   * A member asks for a part of a snapshot: group 8, least index 8, epoch 8, index 8, offset 8; of
   * whichever is the newest if epoch and index are 0.
   */
  static final int SNAPSHOT_ASK = 6;

  /**
   * The answer: group 8, epoch 8, index 8, stamp 16, length 8, digest 32, offset 8, bytes. Without
   * bytes where none were asked for, or another snapshot was. Bulk: it delays nothing else.
   */
  static final int SNAPSHOT_PART = Transport.BULK_KIND;

  /** A client asks who leads: group 8. */
  static final int OPEN = 10;

  /** The answer, and told again at every change: group 8, leader 4, cluster time 8. */
  static final int OPENED = 11;

  /** A client's commands: group 8, (command as in a batch)*. */
  static final int PROPOSE = 12;

  /** A client's questions: group 8, (id 8, mode 1, seen 8, age 8 if AGED, length 4, bytes)*. */
  static final int QUERY = 13;

  /** The mode of a question to a state of limited age, which is told in nanoseconds. */
  static final int AGED = 4;

  private static final List<ReadMode> MODES =
      List.of(ReadMode.STALE, ReadMode.LINEARIZABLE, ReadMode.LEASE, ReadMode.QUORUM);

  /** What they led to: group 8, (query? 1, sequence or id 8, code 1, index 8, length 4, bytes)*. */
  static final int OUTCOMES = 14;

  /** What an operator asks: group 8, (id 8, verb 1, length 4, arguments)*; see {@link Verb}. */
  static final int ADMIN = 15;

  /** About how many bytes of commands or outcomes go into one frame. */
  static final int FRAME_BYTES = 256 << 10;

  static final int OUTCOME_HEADER = 22;

  /** Sends frames of one kind. */
  interface Sender {
    void send(int to, ByteBuffer frame);
  }

  private Wire() {}

  /** Whether frames of the kind are for members to send to members. */
  static boolean isBetweenMembers(int kind) {
    return kind < OPEN || kind >= Transport.BULK_KIND;
  }

  /** The number of a mode in a {@link #QUERY}. */
  static int mode(ReadMode mode) {
    return MODES.indexOf(mode);
  }

  /** The reverse; {@link #AGED} is LINEARIZABLE where the state is not young enough. */
  static ReadMode mode(int number) {
    if (number < 0 || number > AGED) {
      throw new IllegalArgumentException("no read has the mode " + number);
    }
    return number == AGED ? ReadMode.LINEARIZABLE : MODES.get(number);
  }

  /** Takes {@code length} bytes as a view, or complains. */
  static ByteBuffer slice(ByteBuffer in, int length) {
    if (length < 0 || length > in.remaining()) {
      throw new IllegalArgumentException(
          "a length of " + length + " where " + in.remaining() + " bytes are left");
    }
    ByteBuffer slice = in.slice(in.position(), length);
    in.position(in.position() + length);
    return slice;
  }

  static byte[] bytes(ByteBuffer in, int length) {
    ByteBuffer slice = slice(in, length);
    byte[] bytes = new byte[length];
    slice.get(bytes);
    return bytes;
  }

  /** A frame's header in the making; grows. */
  static final class Out {
    private ByteBuffer bytes;

    Out(int capacity) {
      bytes = ByteBuffer.allocate(capacity);
    }

    static Out ofGroup(long group, int capacity) {
      return new Out(capacity + 8).putLong(group);
    }

    int size() {
      return bytes.position();
    }

    Out putByte(int value) {
      room(1).put((byte) value);
      return this;
    }

    Out putInt(int value) {
      room(4).putInt(value);
      return this;
    }

    Out putLong(long value) {
      room(8).putLong(value);
      return this;
    }

    Out put(byte[] value) {
      room(value.length).put(value);
      return this;
    }

    Out putSession(SessionId session) {
      return putLong(session.born()).putLong(session.random());
    }

    /** The next bytes, for somebody else to fill. */
    ByteBuffer place(int length) {
      ByteBuffer all = room(length);
      ByteBuffer place = all.slice(all.position(), length);
      all.position(all.position() + length);
      return place;
    }

    /** With its length in four bytes. */
    Out putText(String text) {
      byte[] bytes = text.getBytes(UTF_8);
      return putInt(bytes.length).put(bytes);
    }

    Out putCommand(Batch.Source source) {
      Batch.put(room(Batch.sizeOf(source)), source);
      return this;
    }

    Out putSnapshot(Snapshots.Snapshot snapshot) {
      return putLong(snapshot.epoch())
          .putLong(snapshot.index())
          .putLong(snapshot.stamp().high())
          .putLong(snapshot.stamp().low())
          .putLong(snapshot.length())
          .put(snapshot.digest().toByteArray());
    }

    Out putOutcome(boolean query, long id, Outcome outcome) {
      room(OUTCOME_HEADER + outcome.value().length)
          .put((byte) (query ? 1 : 0))
          .putLong(id)
          .put((byte) outcome.code().number())
          .putLong(outcome.index())
          .putInt(outcome.value().length)
          .put(outcome.value());
      return this;
    }

    /** The bytes so far; the frame is finished. */
    ByteBuffer end() {
      return bytes.flip();
    }

    private ByteBuffer room(int length) {
      if (bytes.remaining() < length) {
        int capacity = Math.max(bytes.capacity() * 2, bytes.position() + length);
        bytes = ByteBuffer.wrap(Arrays.copyOf(bytes.array(), capacity)).position(bytes.position());
      }
      return bytes;
    }
  }

  static Calls.Received command(ByteBuffer in, int client) {
    SessionId session = new SessionId(in.getLong(), in.getLong());
    long sequence = in.getLong();
    int spread = in.getInt();
    if (spread < 0 || sequence - spread < 1 || sequence < 1) {
      throw new IllegalArgumentException(
          "sequence " + sequence + " with a low-water mark " + spread + " below it");
    }
    long mark = sequence - spread;
    int length = in.getInt();
    if (length > Batch.COMMAND_BYTES_MAX) {
      throw new IllegalArgumentException("a command of " + length + " bytes; the most is 1 MiB");
    }
    return new Calls.Received(client, session, sequence, mark, slice(in, length));
  }

  static Snapshots.Snapshot snapshot(ByteBuffer in) {
    long epoch = in.getLong();
    long index = in.getLong();
    Stamp stamp = new Stamp(in.getLong(), in.getLong());
    long length = in.getLong();
    Payload digest = Payload.of(bytes(in, Snapshots.Snapshot.DIGEST_BYTES));
    return new Snapshots.Snapshot(epoch, index, stamp, length, digest);
  }

  static Outcome outcome(ByteBuffer in) {
    Outcome.Code code = Outcome.Code.of(in.get());
    long index = in.getLong();
    return new Outcome(code, index, bytes(in, in.getInt()));
  }

  static String text(ByteBuffer in) {
    return new String(bytes(in, in.remaining()), UTF_8);
  }
}
