package io.quorate.storage.disk;

import io.quorate.spi.Entry;
import io.quorate.spi.Stamp;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Writes the records of a log as lines of JSON. */
public final class LogDump {
  private final Appendable out;
  private final @Nullable Function<byte[], String> decoder;

  private LogDump(Appendable out, @Nullable Function<byte[], String> decoder) {
    this.out = out;
    this.decoder = decoder;
  }

  /**
   * Writes all records that can be read.
   *
   * @param decoder makes text of a command; null if commands are left out
   * @throws IOException if {@code out} throws it
   */
  public static Inspection run(
      Path directory, Appendable out, @Nullable Function<byte[], String> decoder)
      throws IOException {
    try {
      return Inspection.of(directory, new LogDump(out, decoder)::write);
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
  }

  private void write(RecordHeader header, ByteBuffer value, boolean intact) {
    String line = line(header, value, intact);
    try {
      out.append(line);
    } catch (IOException e) { // Not to be taken for one of the log's.
      throw new UncheckedIOException(e);
    }
  }

  private String line(RecordHeader header, ByteBuffer value, boolean intact) {
    JsonLine line =
        new JsonLine()
            .put("file", file(header.position()))
            .put("offset", offset(header.position()))
            .put("type", name(header.type()));
    if (header.type() != RecordHeader.Type.DROPPED) {
      line.put("group", header.group()).put("instance", hex(header.instance()));
    }
    if (header.epoch() != 0) {
      line.put("epoch", header.epoch());
    }
    if (header.epoch() != 0 || header.index() != 0) {
      line.put("index", header.index());
    }
    if (header.type().isEntry()) {
      Stamp stamp = header.stamp();
      line.put("kind", name(Entry.Kind.of(header.kind())));
      line.put("stamp", hex(stamp.high()) + hex(stamp.low()));
    }
    line.put("length", header.length());
    if (header.durable() != Position.START) {
      line.put("durable", file(header.durable()) + ":" + offset(header.durable()));
    }
    line.put("intact", intact);
    putCommands(line, header, value, intact);
    return line.end();
  }

  private void putCommands(JsonLine line, RecordHeader header, ByteBuffer value, boolean intact) {
    boolean isBatch =
        header.type() == RecordHeader.Type.ENTRY && header.kind() == Entry.Kind.BATCH.code();
    if (decoder == null || !isBatch || !intact) {
      return;
    }
    @Nullable List<byte[]> commands = BatchCommands.of(value);
    if (commands == null) {
      line.put("problem", "the value is no batch of format 1");
      return;
    }
    List<String> texts = new ArrayList<>();
    try {
      for (byte[] command : commands) {
        texts.add(decoder.apply(command));
      }
    } catch (RuntimeException e) { // The decoder's own: the rest of the log is worth a line.
      line.put("problem", "the decoder threw " + e);
    }
    line.put("commands", texts);
  }

  private static String name(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT);
  }

  private static String file(long position) {
    return Segment.name(Position.segment(position));
  }

  private static long offset(long position) {
    return SectorFile.inFile(Position.offset(position));
  }

  private static String hex(long number) {
    return String.format("%016x", number);
  }
}
