package io.quorate.storage;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.quorate.spi.Entry;
import io.quorate.spi.LogStore;
import io.quorate.spi.Payload;
import io.quorate.spi.Snapshots;
import io.quorate.spi.Stamp;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** A log of two groups in a directory, with a snapshot, and what can be done to its files. */
final class SmallLog {
  static final String FIRST = "0000000000000001.log";
  static final String SNAPSHOT =
      "0000000000000001-0000000000000009-0000000000000001-0000000000000002.snap";
  static final long GROUP = 1;
  static final long INCARNATION = 9;
  static final long OTHER = 2;
  static final int ENTRIES = 5;
  static final byte[] SAVED = {4, 5, 6};

  /** By docs/log-format.md. */
  static final int SECTOR = 512;

  private static final int HEADER_BYTES = 80;
  private static final Pattern LINE =
      Pattern.compile(
          "\\{\"file\":\"([^\"]+)\",\"offset\":([0-9]+),\"type\":\"([a-z]+)\",\"group\":([0-9]+)"
              + "[^\\n]*");

  private final Path directory;

  private SmallLog(Path directory) {
    this.directory = directory;
  }

  /** A record, as a dump tells it. */
  record Place(String file, int offset, String type, long group, String line) {
    /** Where a byte of its value stands, if no border of a sector is in front of it. */
    int value(int at) {
      return offset + HEADER_BYTES + at;
    }
  }

  static Entry entry(long index) {
    byte[] value = new byte[150 * (int) index];
    for (int i = 0; i < value.length; i++) {
      value[i] = (byte) (i + 7 * index);
    }
    return new Entry(1, index, Entry.Kind.BATCH, new Stamp(1, 2), Payload.of(value));
  }

  /** Writes it. */
  static SmallLog in(Path directory) {
    try (LogStore store = log(directory).open()) {
      LogStore.Group group = store.group(GROUP, 3, INCARNATION);
      LogStore.Group other = store.group(OTHER, 3, 8);
      for (long index = 1; index <= ENTRIES; index++) {
        group.write(entry(index));
        store.sync();
      }
      group.save(new byte[] {1});
      group.save(SAVED);
      other.save(SAVED);
      store.sync();
      try (Snapshots.Writer writer = group.snapshots().take(1, 2, new Stamp(1, 2))) {
        writer.write(ByteBuffer.wrap(new byte[70_000]));
        writer.finish();
      }
    }
    return new SmallLog(directory);
  }

  static FileLog log(Path directory) {
    return FileLog.at(directory).segmentBytes(16 << 10);
  }

  /** What a member finds that opens it. */
  LogStore.Recovered opened() {
    try (LogStore store = log(directory).open()) {
      return store.group(GROUP, 3, 77).recovered();
    }
  }

  LogFiles files() {
    return LogFiles.at(directory);
  }

  /** All records of that type, in the order of the log. */
  List<Place> records(String type) throws IOException {
    StringBuilder dump = new StringBuilder();
    files().dump(dump);
    List<Place> places = new ArrayList<>();
    Matcher lines = LINE.matcher(dump);
    while (lines.find()) {
      if (lines.group(3).equals(type)) {
        places.add(
            new Place(
                lines.group(1),
                Integer.parseInt(lines.group(2)),
                type,
                Long.parseLong(lines.group(4)),
                lines.group()));
      }
    }
    return places;
  }

  byte[] bytes(String file) throws IOException {
    return Files.readAllBytes(directory.resolve(file));
  }

  void write(String file, byte[] bytes) throws IOException {
    Files.write(directory.resolve(file), bytes);
  }

  void write(String file, String text) throws IOException {
    write(file, text.getBytes(UTF_8));
  }

  void delete(String file) throws IOException {
    Files.delete(directory.resolve(file));
  }

  void flip(String file, long offset, int mask) throws IOException {
    byte[] bytes = bytes(file);
    bytes[(int) offset] ^= (byte) mask;
    write(file, bytes);
  }

  /** Makes the bytes zero. */
  void erase(String file, int from, int to) throws IOException {
    byte[] bytes = bytes(file);
    Arrays.fill(bytes, from, to, (byte) 0);
    write(file, bytes);
  }

  /** Of all files, what they hold. */
  Map<String, ByteBuffer> image() throws IOException {
    Map<String, ByteBuffer> image = new TreeMap<>();
    try (Stream<Path> all = Files.list(directory)) {
      for (Path file : all.toList()) {
        image.put(String.valueOf(file.getFileName()), ByteBuffer.wrap(Files.readAllBytes(file)));
      }
    }
    return image;
  }
}
