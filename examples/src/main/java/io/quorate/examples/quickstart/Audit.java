package io.quorate.examples.quickstart;

import io.quorate.Client;
import io.quorate.QuorateException;
import io.quorate.ReadMode;
import io.quorate.examples.kv.KvDigest;
import io.quorate.examples.kv.KvEntry;
import io.quorate.examples.kv.KvQuery;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Compares what was acknowledged with what is there.
 *
 * @param lost acknowledged writes that cannot be read back
 * @param duplicated applies beyond one for each write
 */
record Audit(int lost, long duplicated) {
  private static final long DIGEST_SECONDS_MAX = 20;

  boolean isFine() {
    return lost == 0 && duplicated == 0;
  }

  Audit plus(Audit other) {
    return new Audit(lost + other.lost, duplicated + other.duplicated);
  }

  /** Reads all keys of a round back, linearizably, and compares. */
  static Audit of(Load load, Client client) {
    return compare(load, scan(client, load.prefix()));
  }

  private static List<KvEntry> scan(Client client, String prefix) {
    List<KvEntry> entries = new ArrayList<>();
    String after = "";
    while (true) {
      byte[] question = new KvQuery.Scan(prefix, after).encode();
      List<KvEntry> page = KvQuery.Scan.read(client.query(question).join());
      if (page.isEmpty()) {
        return entries;
      }
      entries.addAll(page);
      after = page.get(page.size() - 1).key();
    }
  }

  /**
   * Compares. A key that the input has twice was written twice in each pass, and may hold either
   * value.
   */
  static Audit compare(Load load, List<KvEntry> entries) {
    Map<String, Expected> expected = new HashMap<>();
    for (int number = 0; number < load.sent(); number++) {
      Expected key = expected.computeIfAbsent(load.key(number), k -> new Expected());
      if (load.isAcknowledged(number)) {
        key.acknowledged++;
        key.values.add(load.value(number));
      } else if (load.isUnknown(number)) {
        key.unknown++;
        key.values.add(load.value(number));
      }
    }
    int lost = 0;
    long duplicated = 0;
    for (KvEntry entry : entries) {
      Expected key = expected.remove(entry.key());
      if (key == null) {
        duplicated += entry.applies(); // Nobody wrote this.
        continue;
      }
      duplicated += Math.max(0, entry.applies() - key.acknowledged - key.unknown);
      boolean wrong = entry.value() == null || !key.values.contains(entry.value());
      lost += wrong ? key.acknowledged : (int) Math.max(0, key.acknowledged - entry.applies());
    }
    for (Expected missing : expected.values()) {
      lost += missing.acknowledged;
    }
    return new Audit(lost, duplicated);
  }

  /**
   * Each replica's digest, once it has applied all that was acknowledged. One that does not get
   * there in time is told apart by its index; one that does not answer is missing.
   */
  static Map<Integer, KvDigest> digests(Client client, Iterable<Integer> members)
      throws InterruptedException {
    byte[] question = new KvQuery.Digest().encode();
    long index = KvQuery.Digest.read(client.query(question).join()).index();
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(DIGEST_SECONDS_MAX);
    Map<Integer, KvDigest> digests = new TreeMap<>();
    for (int member : members) {
      KvDigest digest = ask(client, member, question);
      while ((digest == null || digest.index() < index) && System.nanoTime() < deadline) {
        Thread.sleep(50);
        digest = ask(client, member, question);
      }
      if (digest != null) {
        digests.put(member, digest);
      }
    }
    return digests;
  }

  private static @Nullable KvDigest ask(Client client, int member, byte[] question) {
    try {
      return KvQuery.Digest.read(client.queryAt(member, question, ReadMode.STALE).join());
    } catch (CompletionException e) {
      if (e.getCause() instanceof QuorateException) {
        return null; // It is still starting.
      }
      throw e;
    }
  }

  private static final class Expected {
    private final Set<String> values = new HashSet<>(2);
    private int acknowledged;
    private int unknown;
  }
}
