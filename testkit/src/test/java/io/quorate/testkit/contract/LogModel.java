package io.quorate.testkit.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quorate.spi.Entry;
import io.quorate.spi.LogStore;
import io.quorate.spi.LogStore.Recovered;
import io.quorate.spi.LogStore.Seal;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.TreeMap;

/**
 * Works on a log and knows what it may hold after any step: the state after a prefix of the steps
 * that contains all that were synced.
 */
public final class LogModel {
  private final int groups;
  private final List<State> states;
  private long incarnation;
  private long indexMax;
  private long epochMax = 1;
  private int synced;

  /** Of an empty log in which so many groups are to be, with ids from 1. */
  public LogModel(int groups) {
    this.groups = groups;
    this.states = new ArrayList<>(List.of(new State(groups)));
  }

  /** A place in a group's log. */
  public record Address(long epoch, long index) implements Comparable<Address> {
    @Override
    public int compareTo(Address that) {
      int byEpoch = Long.compare(epoch, that.epoch);
      return byEpoch != 0 ? byEpoch : Long.compare(index, that.index);
    }
  }

  /** What a log holds of a group. */
  public static final class Replica {
    private final TreeMap<Address, Entry> entries = new TreeMap<>();
    private final TreeMap<Long, Seal> seals = new TreeMap<>();
    private String saved = "null";
    private Address released = new Address(1, 0);

    /** 0 if there is no replica. */
    private long incarnation;

    private Replica copy() {
      Replica copy = new Replica();
      copy.entries.putAll(entries);
      copy.seals.putAll(seals);
      copy.saved = saved;
      copy.released = released;
      copy.incarnation = incarnation;
      return copy;
    }

    private void giveUpSeals() {
      while (seals.size() > 1 && seals.firstKey() < released.epoch) {
        seals.pollFirstEntry();
      }
    }

    /** The newest epoch. */
    public long epoch() {
      return entries.isEmpty() ? released.epoch : entries.lastKey().epoch;
    }

    /** The first index in that. */
    public long first() {
      return entries.isEmpty()
          ? released.index + 1
          : entries.ceilingKey(new Address(epoch(), 0)).index;
    }

    /** The last index in that. */
    public long last() {
      return entries.isEmpty() ? released.index : entries.lastKey().index;
    }

    private boolean isSameAs(Replica other) {
      return entries.equals(other.entries)
          && saved.equals(other.saved)
          && seals.equals(other.seals)
          && epoch() == other.epoch()
          && last() == other.last()
          && incarnation == other.incarnation;
    }
  }

  private static final class State {
    final List<Replica> replicas = new ArrayList<>();

    State(int groups) {
      for (int group = 0; group < groups; group++) {
        replicas.add(new Replica());
      }
    }

    State copy() {
      State copy = new State(0);
      replicas.forEach(replica -> copy.replicas.add(replica.copy()));
      return copy;
    }

    boolean isSameAs(State other) {
      for (int group = 0; group < replicas.size(); group++) {
        if (!replicas.get(group).isSameAs(other.replicas.get(group))) {
          return false;
        }
      }
      return true;
    }
  }

  private State state() {
    return states.get(states.size() - 1);
  }

  /** What the log holds of a group when all steps are done. */
  public Replica replica(int group) {
    return state().replicas.get(group - 1);
  }

  /** The state counts from the attempt on: a write that fails may have reached the disk. */
  private Replica next(int group) {
    states.add(state().copy());
    return replica(group);
  }

  /** The group; its replica is created if there is none, which syncs all. */
  private LogStore.Group group(LogStore store, int group) {
    if (replica(group).incarnation != 0) {
      return store.group(group, group, Long.MAX_VALUE);
    }
    next(group).incarnation = ++incarnation;
    LogStore.Group created = store.group(group, group, incarnation);
    synced = states.size() - 1;
    return created;
  }

  // Steps

  public void write(LogStore store, int group, Entry entry) {
    LogStore.Group log = group(store, group);
    Replica replica = next(group);
    Address address = new Address(entry.epoch(), entry.index());
    if (address.compareTo(replica.released) > 0) {
      replica.entries.put(address, entry);
    }
    indexMax = Math.max(indexMax, entry.index());
    epochMax = Math.max(epochMax, entry.epoch());
    log.write(entry);
  }

  public void truncate(LogStore store, int group, long epoch, long from) {
    LogStore.Group log = group(store, group);
    next(group)
        .entries
        .subMap(new Address(epoch, from), true, new Address(epoch, Long.MAX_VALUE), true)
        .clear();
    log.truncate(epoch, from);
  }

  public void release(LogStore store, int group, long epoch, long upTo) {
    LogStore.Group log = group(store, group);
    Replica replica = next(group);
    Address last = new Address(epoch, upTo);
    if (last.compareTo(replica.released) > 0) {
      replica.released = last;
      replica.entries.headMap(last, true).clear();
      replica.giveUpSeals();
    }
    log.release(epoch, upTo);
  }

  /** Seals an epoch; as it is sealed, if it is. */
  public void seal(LogStore store, int group, Seal wanted) {
    LogStore.Group log = group(store, group);
    Replica replica = next(group);
    Seal seal = replica.seals.getOrDefault(wanted.epoch(), wanted);
    replica.seals.put(seal.epoch(), seal);
    replica.giveUpSeals();
    log.seal(seal.epoch(), seal.index(), seal.next().toByteArray());
  }

  public void save(LogStore store, int group, byte[] record) {
    LogStore.Group log = group(store, group);
    next(group).saved = Arrays.toString(record);
    log.save(record);
  }

  public void remove(LogStore store, int group) {
    next(group);
    state().replicas.set(group - 1, new Replica());
    store.remove(group);
  }

  public void sync(LogStore store) {
    store.sync();
    synced = states.size() - 1;
  }

  // Looks

  /** The groups of a reopened store, created where there is none any more. */
  private List<LogStore.Group> open(LogStore store) {
    List<LogStore.Group> open = new ArrayList<>();
    for (int group = 1; group <= groups; group++) {
      open.add(store.group(group, group, incarnation + group));
    }
    return open;
  }

  /** Whether a reopened store says that it has lost entries, or a saved record. */
  public boolean isFaulty(LogStore store) {
    return open(store).stream()
        .map(LogStore.Group::recovered)
        .anyMatch(found -> !found.faulty().isEmpty() || found.savedLost() != null);
  }

  /**
   * Fails unless a reopened store holds all that was synced, and only what was written. Goes on
   * there.
   */
  public void check(LogStore store, String when) {
    int at = stateOf(store, when);
    List<Address> released = released(at);
    states.subList(at + 1, states.size()).clear();
    List<LogStore.Group> open = open(store);
    for (int group = 1; group <= groups; group++) {
      if (open.get(group - 1).recovered().created()) {
        next(group).incarnation = incarnation + group;
      }
    }
    incarnation += groups;
    synced = states.size() - 1;
    for (int group = 1; group <= groups; group++) {
      Address last = released.get(group - 1);
      if (!last.equals(replica(group).released)) {
        release(store, group, last.epoch, last.index);
      }
    }
  }

  /**
   * The furthest releases of all states that look like that one: which of them the log has found
   * cannot be seen while there are entries, so they are asked for again.
   */
  private List<Address> released(int at) {
    List<Address> released = new ArrayList<>();
    for (int group = 0; group < groups; group++) {
      Address furthest = states.get(at).replicas.get(group).released;
      for (State other : states.subList(at, states.size())) {
        Address one = other.replicas.get(group).released;
        if (other.isSameAs(states.get(at)) && one.compareTo(furthest) > 0) {
          furthest = one;
        }
      }
      released.add(furthest);
    }
    return released;
  }

  /** As {@link #check} of a copy of the disk: goes on where it was. */
  public void checkCopy(LogStore copy, String when) {
    stateOf(copy, when);
  }

  private int stateOf(LogStore store, String when) {
    State found = new State(0);
    open(store).forEach(group -> found.replicas.add(found(group, when)));
    int at = synced;
    while (at < states.size() && !states.get(at).isSameAs(found)) {
      at++;
    }
    assertTrue(at < states.size(), when + ": the log is in no state that it was in since the sync");
    return at;
  }

  /** Fails unless readers of an open store find what was written last. */
  public void checkReading(LogStore store, String when) {
    for (int group = 1; group <= groups; group++) {
      if (replica(group).incarnation != 0) {
        Replica found = new Replica();
        read(store.group(group, group, Long.MAX_VALUE), found);
        assertEquals(replica(group).entries, found.entries, when);
      }
    }
  }

  private Replica found(LogStore.Group group, String when) {
    Recovered recovered = group.recovered();
    assertEquals(List.of(), recovered.faulty(), when);
    Replica replica = new Replica();
    replica.incarnation = recovered.created() ? 0 : recovered.incarnation();
    replica.saved = Arrays.toString(recovered.saved());
    replica.released = new Address(recovered.epoch(), recovered.first() - 1);
    recovered.seals().forEach(seal -> replica.seals.put(seal.epoch(), seal));
    read(group, replica);
    assertEquals(
        List.of(replica.epoch(), replica.first(), replica.last()),
        List.of(recovered.epoch(), recovered.first(), recovered.last()),
        when);
    return replica;
  }

  private void read(LogStore.Group group, Replica replica) {
    for (long epoch = 1; epoch <= epochMax; epoch++) {
      long next = 1;
      while (next <= indexMax) {
        long[] last = {next};
        group.read(
            epoch,
            next,
            Integer.MAX_VALUE,
            entry -> {
              replica.entries.put(new Address(entry.epoch(), entry.index()), entry);
              last[0] = entry.index();
              return true;
            });
        next = last[0] + 1;
      }
    }
  }
}
