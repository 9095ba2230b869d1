package io.quorate.runtime;

import io.quorate.spi.Payload;
import io.quorate.spi.Stamp;
import java.nio.ByteBuffer;

/**
 * The value of a BATCH entry: commands, encoded once by the replica that first proposed them.
 *
 * <pre>
 *   version 1 | time 8 | origin epoch 8 | origin stamp 16 | count 4 | command ...
 *   command = session born 8 | session random 8 | sequence 8 | sequence - mark 4 | length 4 | bytes
 * </pre>
 *
 * <p>Big endian. {@code time} is the proposer's cluster time in nanoseconds. {@code mark} is the
 * session's low-water mark: all sequences below it are settled.
 */
final class Batch {
  /** The most bytes of a batch that holds more than one command. */
  static final int BYTES_MAX = 256 << 10;

  /** The most bytes of a command. */
  static final int COMMAND_BYTES_MAX = 1 << 20;

  /** How far a session's sequences may spread. */
  static final int WINDOW = 1 << 16;

  static final int COMMAND_HEADER = 32;
  private static final int VERSION = 1;
  private static final int HEADER = 37;

  private Batch() {}

  /** A command that waits to be put into a batch. */
  interface Source {
    SessionId session();

    long sequence();

    long mark();

    ByteBuffer command();

    int length();
  }

  static int sizeOf(Source source) {
    return COMMAND_HEADER + source.length();
  }

  /** Begins a batch of {@code count} commands that take {@code bytes} by {@link #sizeOf}. */
  static ByteBuffer begin(long time, long epoch, Stamp origin, int count, int bytes) {
    return ByteBuffer.allocate(HEADER + bytes)
        .put((byte) VERSION)
        .putLong(time)
        .putLong(epoch)
        .putLong(origin.high())
        .putLong(origin.low())
        .putInt(count);
  }

  static void put(ByteBuffer out, Source source) {
    putHeader(out, source.session(), source.sequence(), source.mark(), source.length());
    out.put(source.command());
  }

  static void putHeader(ByteBuffer out, SessionId session, long sequence, long mark, int length) {
    out.putLong(session.born()).putLong(session.random());
    out.putLong(sequence).putInt((int) Math.min(sequence - mark, Integer.MAX_VALUE)).putInt(length);
  }

  static Payload end(ByteBuffer batch) {
    return Payload.of(batch.flip());
  }

  /** The proposer's cluster time. */
  static long timeOf(Payload batch) {
    return batch.buffer().getLong(1);
  }

  /** Reads a batch command by command, without allocating for each. */
  static final class Reader {
    private ByteBuffer in = Payload.EMPTY.buffer();
    private long time;
    private long epoch;
    private Stamp origin = Stamp.NONE;
    private int left;
    private long born;
    private long random;
    private long sequence;
    private long mark;
    private int offset;
    private int length;

    void open(Payload batch) {
      in = batch.buffer();
      int version = in.get();
      if (version != VERSION) {
        throw new IllegalStateException(
            "a batch of format " + version + "; this version reads format " + VERSION);
      }
      time = in.getLong();
      epoch = in.getLong();
      origin = new Stamp(in.getLong(), in.getLong());
      left = in.getInt();
    }

    boolean next() {
      if (left == 0) {
        return false;
      }
      left--;
      born = in.getLong();
      random = in.getLong();
      sequence = in.getLong();
      mark = sequence - in.getInt();
      length = in.getInt();
      offset = in.position();
      in.position(offset + length);
      return true;
    }

    long time() {
      return time;
    }

    long originEpoch() {
      return epoch;
    }

    Stamp origin() {
      return origin;
    }

    boolean isOf(SessionId session) {
      return session.random() == random && session.born() == born;
    }

    SessionId session() {
      return new SessionId(born, random);
    }

    long sequence() {
      return sequence;
    }

    long mark() {
      return mark;
    }

    int length() {
      return length;
    }

    /** The bytes of the command, as a view of the batch. */
    ByteBuffer command() {
      return in.slice(offset, length);
    }

    byte[] copy() {
      byte[] bytes = new byte[length];
      in.get(offset, bytes);
      return bytes;
    }
  }
}
