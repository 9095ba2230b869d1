package io.quorate.storage.disk;

import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What a replay makes of the records, one replica's at a time. */
final class ReplayedGroups {
  /*
   * Compaction copies what is live forward, in whatever order it stood in. So a replica's records
   * may come before that of its creation, and only at the end it is known whether there is one.
   */
  private final Disk disk;
  private final LiveBytes live;
  private final Map<Instance, GroupImage> images = new HashMap<>();
  private final Map<Instance, Long> firstRecords = new HashMap<>();
  private final Set<Instance> removed = new HashSet<>();
  private int firstNeeded = 1;

  /** That of the last record: more often than not it is the next one's, too. */
  private @Nullable Instance last;

  private @Nullable GroupImage lastImage;

  /** One replica of a group on this host: there may have been others before it. */
  record Instance(long group, long incarnation) {
    private boolean isOf(RecordHeader header) {
      return group == header.group() && incarnation == header.instance();
    }
  }

  ReplayedGroups(Disk disk, LiveBytes live) {
    this.disk = disk;
    this.live = live;
  }

  /** Takes in the next record. */
  void apply(RecordHeader header, ByteBuffer value, boolean intact) {
    if (header.type() == RecordHeader.Type.DROPPED) {
      if (header.index() < 1 || header.index() > Position.segment(header.position())) {
        throw damage(header.position(), "the record names a segment that cannot be the first one");
      }
      firstNeeded = Math.max(firstNeeded, (int) header.index());
      return;
    }
    if (header.type() == RecordHeader.Type.REMOVED) {
      remove(header);
    } else {
      apply(image(header), header, value, intact);
    }
  }

  private GroupImage image(RecordHeader header) {
    Instance instance = last;
    GroupImage image = lastImage;
    if (instance == null || image == null || !instance.isOf(header)) {
      instance = alive(header);
      image = images.computeIfAbsent(instance, one -> new GroupImage(one.incarnation, live));
      firstRecords.putIfAbsent(instance, header.position());
      last = instance;
      lastImage = image;
    }
    return image;
  }

  private void remove(RecordHeader header) {
    Instance instance = alive(header);
    removed.add(instance);
    @Nullable GroupImage gone = images.remove(instance);
    if (gone != null) {
      gone.forget();
    }
    last = null;
  }

  private Instance alive(RecordHeader header) {
    Instance instance = new Instance(header.group(), header.instance());
    if (removed.contains(instance)) {
      throw damage(header.position(), "a record stands behind the removal of its replica");
    }
    return instance;
  }

  private void apply(GroupImage image, RecordHeader header, ByteBuffer value, boolean intact) {
    int length = RecordHeader.BYTES + header.length();
    switch (header.type()) {
      case CREATED -> {
        if (!intact || header.length() != Integer.BYTES) {
          throw damage(header.position(), "the record of a replica's creation is damaged");
        }
        image.created(value.getInt(0), header.position(), length);
      }
      case ENTRY -> image.recover(header, !intact);
      case LOST -> image.recover(header, true);
      case TRUNCATION -> image.truncate(header.epoch(), header.index());
      case RELEASE -> image.release(header.epoch(), header.index(), header.position(), length);
      case SAVED -> {
        if (intact) {
          byte[] saved = new byte[header.length()];
          value.get(0, saved);
          image.recoverSaved(header, saved, null);
        } else {
          image.recoverSaved(header, null, DamageException.place(disk, header.position()));
        }
      }
      case REMOVED, DROPPED -> throw new AssertionError(header);
    }
  }

  /** Whether a record tells of that replica. */
  boolean knows(Instance instance) {
    return images.containsKey(instance) || removed.contains(instance);
  }

  /** The number of the first segment that holds what is still needed, as the records say it. */
  int firstNeeded() {
    return firstNeeded;
  }

  /** The replicas that were removed. */
  Set<Instance> removed() {
    return removed;
  }

  /**
   * The replicas that are there, when all records are taken in.
   *
   * @throws DamageException if one was never created, or not alone in its group
   */
  Map<Long, GroupImage> images() {
    Map<Long, GroupImage> byGroup = new HashMap<>();
    images.forEach(
        (instance, image) -> {
          long first = firstRecords.getOrDefault(instance, Position.START);
          if (!image.isCreated()) {
            throw damage(first, "a record belongs to a replica that was never created");
          }
          if (byGroup.put(instance.group, image) != null) {
            throw damage(first, "a record belongs to one of two replicas of the same group");
          }
        });
    return byGroup;
  }

  private DamageException damage(long position, String what) {
    return DamageException.at(disk, Position.segment(position), Position.offset(position), what);
  }
}
