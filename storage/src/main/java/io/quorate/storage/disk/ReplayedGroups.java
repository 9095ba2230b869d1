package io.quorate.storage.disk;

import io.quorate.spi.LogStore;
import io.quorate.spi.Payload;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Consumer;
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
  private final Map<Instance, RecordHeader> firstRecords = new HashMap<>();
  private final Map<Instance, DamageException> unreadable = new HashMap<>();
  private final Set<Instance> removed = new HashSet<>();
  private int firstNeeded = 1;

  /** That of the last record: more often than not it is the next one's, too. */
  private @Nullable Instance last;

  private @Nullable GroupImage lastImage;

  /** One replica of a group on this host: there may have been others before it. */
  record Instance(long group, long incarnation) {
    static Instance of(RecordHeader header) {
      return new Instance(header.group(), header.instance());
    }

    private boolean isOf(RecordHeader header) {
      return group == header.group() && incarnation == header.instance();
    }
  }

  ReplayedGroups(Disk disk, LiveBytes live) {
    this.disk = disk;
    this.live = live;
  }

  /**
   * Takes in the next record.
   *
   * @param value wanted if it is intact and none of an entry
   */
  void apply(RecordHeader header, ByteBuffer value, boolean intact) {
    if (header.type() == RecordHeader.Type.DROPPED) {
      if (header.index() < 1 || header.index() > Position.segment(header.position())) {
        throw damage(header, "the record names a segment that cannot be the first one");
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
      firstRecords.putIfAbsent(instance, header);
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
    Instance instance = Instance.of(header);
    if (removed.contains(instance)) {
      throw damage(header, "a record stands behind the removal of its replica");
    }
    return instance;
  }

  /** Takes in the next record, of an intact entry that is like another one. */
  void entry(RecordHeader like, long index, long position, int length) {
    image(like).recover(like, index, position, length, false);
  }

  private void apply(GroupImage image, RecordHeader header, ByteBuffer value, boolean intact) {
    int length = RecordHeader.BYTES + header.length();
    switch (header.type()) {
      case CREATED -> {
        if (intact && header.length() == Integer.BYTES) {
          image.created(value.getInt(0), header.position(), length);
        } else {
          unreadable.put(
              Instance.of(header), damage(header, "the record of a replica's creation is damaged"));
        }
      }
      case ENTRY -> image.recover(header, header.index(), header.position(), length, !intact);
      case LOST -> image.recover(header, header.index(), header.position(), length, true);
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
      case SEAL -> seal(image, header, value, intact);
      case REMOVED, DROPPED -> throw new AssertionError(header);
    }
  }

  private void seal(GroupImage image, RecordHeader header, ByteBuffer value, boolean intact) {
    if (intact && header.length() <= LogStore.Seal.NEXT_BYTES_MAX) {
      byte[] next = new byte[header.length()];
      value.get(0, next);
      image.recoverSeal(
          header, new LogStore.Seal(header.epoch(), header.index(), Payload.of(next)), null);
    } else {
      image.recoverSeal(header, null, damage(header, "the seal of an epoch is damaged"));
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

  /** Whether nothing has superseded that record. */
  boolean isLive(RecordHeader record) {
    @Nullable GroupImage image = images.get(Instance.of(record));
    return image != null
        && (image.isLive(record)
            || (record.type() == RecordHeader.Type.CREATED && !image.isCreated()));
  }

  /** Of all replicas that were not removed, whether they are whole or not. */
  Map<Instance, GroupImage> all() {
    return images;
  }

  /**
   * The replicas that are there, when all records are taken in.
   *
   * @param damaged hears of those that were never created, or are not alone in their group; where
   *     it returns, they are left out
   */
  Map<Long, GroupImage> images(Consumer<DamageException> damaged) {
    Map<Long, GroupImage> byGroup = new HashMap<>();
    images.forEach(
        (instance, image) -> {
          RecordHeader first = Objects.requireNonNull(firstRecords.get(instance));
          @Nullable DamageException creation = unreadable.get(instance);
          if (!image.isCreated()) {
            damaged.accept(
                creation == null
                    ? damage(first, "a record belongs to a replica that was never created")
                    : creation);
          } else if (byGroup.putIfAbsent(instance.group, image) != null) {
            damaged.accept(
                damage(first, "a record belongs to one of two replicas of the same group"));
          }
        });
    return byGroup;
  }

  private DamageException damage(RecordHeader header, String what) {
    Damage.Remedy remedy = header.group() == 0 ? Damage.Remedy.REPLACE_ALL : Damage.Remedy.REPLACE;
    return DamageException.of(disk, Damage.of(header, what, remedy));
  }
}
