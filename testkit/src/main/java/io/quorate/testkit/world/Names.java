package io.quorate.testkit.world;

import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Which place a name stands for, as each process sees it: after a move each goes to the old place
 * for a while. And which member is at a place.
 */
final class Names {
  private final Agenda agenda;
  private final TreeMap<String, Entry> entries = new TreeMap<>();
  private final TreeMap<Integer, Integer> tenants = new TreeMap<>();
  private int lastPlace;

  private static final class Entry {
    private int place;
    private int oldPlace;

    /** Until when each process goes to the old place. */
    private final TreeMap<Integer, Long> outdated = new TreeMap<>();

    Entry(int place) {
      this.place = place;
    }
  }

  Names(Agenda agenda) {
    this.agenda = agenda;
  }

  /** A member listens where the name stands for; at first at a place of its own. */
  void listens(String name, int member) {
    Entry entry = entries.get(name);
    if (entry == null) {
      entry = new Entry(++lastPlace);
      entries.put(name, entry);
    }
    tenants.put(entry.place, member);
  }

  /**
   * The name stands for a new place, once everyone knows; the old one gets that tenant, or none.
   */
  void moves(String name, @Nullable Integer tenant) {
    Entry entry = entries.get(name);
    if (entry == null) {
      return;
    }
    entry.oldPlace = entry.place;
    entry.place = ++lastPlace;
    entry.outdated.clear();
    tenants.remove(entry.oldPlace);
    if (tenant != null) {
      tenants.put(entry.oldPlace, tenant);
    }
  }

  /** That process goes to the old place for so long yet. */
  void outdated(String name, int process, long nanos) {
    Entry entry = entries.get(name);
    if (entry != null) {
      entry.outdated.put(process, agenda.now() + nanos);
    }
  }

  /** Whether the process does not know of the last move. */
  boolean isOutdated(String name, int process) {
    Entry entry = entries.get(name);
    Long until = entry == null ? null : entry.outdated.get(process);
    return until != null && agenda.now() - until < 0;
  }

  /** Which member that process finds there; null if none. */
  @Nullable Integer resolve(String name, int process) {
    Entry entry = entries.get(name);
    if (entry == null) {
      return null;
    }
    return tenants.get(isOutdated(name, process) ? entry.oldPlace : entry.place);
  }
}
