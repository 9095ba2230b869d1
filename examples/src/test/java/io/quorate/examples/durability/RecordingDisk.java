package io.quorate.examples.durability;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.quorate.storage.disk.Disk;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A disk that knows which tokens were forced: those in bytes that were written before a force of
 * their file began, from the moment at which that force has returned.
 */
final class RecordingDisk implements Disk {
  private static final int SECTOR = 512;
  private static final int STAMP = 8;
  private static final Pattern TOKEN = Pattern.compile("<[0-9]{8}>");

  private final Disk below;
  private final boolean forces;
  private final Set<String> forced = ConcurrentHashMap.newKeySet();

  /**
   * Watches a disk.
   *
   * @param forces false replaces every force by nothing
   */
  RecordingDisk(Disk below, boolean forces) {
    this.below = below;
    this.forces = forces;
  }

  boolean hasForced(String token) {
    return forced.contains(token);
  }

  @Override
  public Closeable lock() throws IOException {
    return below.lock();
  }

  @Override
  public void checkRoom(long bytes) throws IOException {
    below.checkRoom(bytes);
  }

  @Override
  public List<String> list() throws IOException {
    return below.list();
  }

  @Override
  public File create(String name) throws IOException {
    return new RecordingFile(below.create(name));
  }

  @Override
  public File open(String name) throws IOException {
    return new RecordingFile(below.open(name));
  }

  @Override
  public void delete(String name) throws IOException {
    below.delete(name);
  }

  @Override
  public void rename(String from, String to) throws IOException {
    below.rename(from, to);
  }

  @Override
  public void syncDirectory() throws IOException {
    below.syncDirectory();
  }

  @Override
  public ByteBuffer buffer(int bytes) {
    return below.buffer(bytes);
  }

  @Override
  public String where(String name) {
    return below.where(name);
  }

  private final class RecordingFile implements File {
    private final File file;
    private final List<String> written = new ArrayList<>();

    RecordingFile(File file) {
      this.file = file;
    }

    @Override
    public long size() throws IOException {
      return file.size();
    }

    @Override
    public int read(ByteBuffer into, long offset) throws IOException {
      return file.read(into, offset);
    }

    @Override
    public void write(ByteBuffer from, long offset) throws IOException {
      String text = withoutStamps(from.duplicate(), offset);
      file.write(from, offset);
      synchronized (written) {
        for (Matcher tokens = TOKEN.matcher(text); tokens.find(); ) {
          written.add(tokens.group());
        }
      }
    }

    /** A token may go on in the next sector, behind its stamp (docs/log-format.md). */
    private static String withoutStamps(ByteBuffer bytes, long offset) {
      ByteBuffer text = ByteBuffer.allocate(bytes.remaining());
      for (long at = offset; bytes.hasRemaining(); at++) {
        byte next = bytes.get();
        if (at % SECTOR >= STAMP) {
          text.put(next);
        }
      }
      return ISO_8859_1.decode(text.flip()).toString();
    }

    @Override
    public void preallocate(long from, long to) throws IOException {
      file.preallocate(from, to);
    }

    @Override
    public void force(boolean size) throws IOException {
      if (!forces) {
        return;
      }
      List<String> covered;
      synchronized (written) {
        covered = new ArrayList<>(written);
        written.clear();
      }
      file.force(size);
      forced.addAll(covered);
    }

    @Override
    public void close() throws IOException {
      file.close();
    }
  }
}
