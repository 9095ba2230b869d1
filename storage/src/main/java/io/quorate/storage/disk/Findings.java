package io.quorate.storage.disk;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;

/** What an {@link Inspection} has found so far. */
final class Findings {
  final List<Flip> flips = new ArrayList<>();
  final List<String> notes = new ArrayList<>();
  final List<String> unreadable = new ArrayList<>();
  final List<Leftover> leftovers = new ArrayList<>();

  /** Why the log cannot be opened. */
  final List<DamageException> refusals = new ArrayList<>();

  /** How much is told of a file: a wiped one has as much damage as it has sectors. */
  private static final int FILE_MAX = 1000;

  private final Set<String> full = new HashSet<>();
  private final TreeMap<String, TreeMap<Long, Damage>> damages = new TreeMap<>();
  private final Disk disk;

  Findings(Disk disk) {
    this.disk = disk;
  }

  /** A file that opening the log deletes. */
  record Leftover(String file, String why) {}

  /** Damage, unless something is known of that place, or enough of that file. */
  void add(Damage damage) {
    TreeMap<Long, Damage> ofFile = damages.computeIfAbsent(damage.file(), file -> new TreeMap<>());
    if (ofFile.size() < FILE_MAX) {
      ofFile.putIfAbsent(damage.offset(), damage);
    } else if (full.add(damage.file())) {
      notes.add(
          damage.file() + ": there are more findings than the " + FILE_MAX + " that are told");
    }
  }

  /** Damage that is one bit, of which it is certain what it was. */
  void addFlip(Damage damage, int bit) {
    addFlip(damage, damage.offset() + bit / Byte.SIZE, 1 << bit % Byte.SIZE);
  }

  /** The same, at another byte than the damage. */
  void addFlip(Damage damage, long at, int mask) {
    add(
        new Damage(
            damage.file(),
            damage.offset(),
            damage.group(),
            damage.instance(),
            damage.epoch(),
            damage.index(),
            damage.what() + ": one bit is flipped",
            Damage.Remedy.UNDO));
    if (!full.contains(damage.file())) {
      flips.add(new Flip(damage.file(), damage.offset(), at, mask));
    }
  }

  boolean isDamaged(String file, long offset) {
    TreeMap<Long, Damage> known = damages.get(file);
    return known != null && known.containsKey(offset);
  }

  /** Whether something is known of a place from {@code from} on and before {@code to}. */
  boolean isDamaged(String file, long from, long to) {
    TreeMap<Long, Damage> known = damages.get(file);
    return known != null && !known.subMap(from, to).isEmpty();
  }

  /** All, by file and offset. */
  List<Damage> damages() {
    List<Damage> all = new ArrayList<>();
    damages.values().forEach(ofFile -> all.addAll(ofFile.values()));
    return all;
  }

  void leave(String file, String why) {
    leftovers.add(new Leftover(file, why));
    notes.add(file + ": " + why + "; opening the log deletes it");
  }

  /** Something could not be looked at. */
  void failed(String what, IOException cause) {
    unreadable.add(
        String.format(
            "%s cannot be read to its end (%s): see to it that the disk works and that this user"
                + " may read it",
            disk.where(what), cause));
  }
}
