package io.quorate.runtime;

import io.quorate.spi.Configuration;
import io.quorate.spi.Entry;
import io.quorate.spi.Member;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Whom this replica may listen to, and what hinders it from hearing them. From the founding entry
 * on a known id with another incarnation is refused by name: a wiped disk must not vote under its
 * old identity. Loop only.
 */
final class Peers {
  /** Sends {@link Wire#REFUSED}. */
  interface Refusal {
    void send(int member, long knownIncarnation);
  }

  private static final Logger log = LoggerFactory.getLogger(Peers.class);

  private final Member self;
  private final Refusal refusal;
  private final TreeSet<Integer> up = new TreeSet<>();
  private final TreeSet<Integer> told = new TreeSet<>();
  private final TreeMap<Integer, String> troubles = new TreeMap<>();
  private @Nullable Configuration configuration;

  Peers(Member self, Refusal refusal) {
    this.self = self;
    this.refusal = refusal;
  }

  /** A FOUNDING or CONFIGURATION entry is held. */
  void configured(Entry entry) {
    Configuration held = Configuration.decode(entry.value());
    configuration = held;
    long known = held.incarnationOf(self.id());
    if (known != 0 && known != self.incarnation()) {
      refusedBy(self.id(), known);
    }
  }

  @Nullable Configuration configuration() {
    return configuration;
  }

  /** Whether a message of that sender may be looked at. */
  boolean admits(int member, long incarnation) {
    if (configuration == null) {
      return true;
    }
    long known = configuration.incarnationOf(member);
    if (known == incarnation && known != 0) {
      return true;
    }
    if (known != 0 && told.add(member)) {
      String trouble =
          String.format(
              "member %d came back as incarnation %x where the group knows %x: its disk was wiped"
                  + " or replaced, so it is refused until it is replaced by a membership change",
              member, incarnation, known);
      troubles.put(member, trouble);
      log.warn("member {}: {}", self.id(), trouble);
      refusal.send(member, known);
    }
    return false;
  }

  /** A member says that it knows this replica under another incarnation. */
  void refusedBy(int member, long known) {
    if (known == self.incarnation()) {
      return;
    }
    String trouble =
        String.format(
            "the group knows member %d as incarnation %x, but this store was created as %x: its"
                + " disk was wiped or replaced. It takes no part until it is replaced by a"
                + " membership change; or start it on its old data directory",
            self.id(), known, self.incarnation());
    if (!trouble.equals(troubles.put(member, trouble))) {
      log.error("member {}: {}", self.id(), trouble);
    }
  }

  /** A member's host refused the connection. */
  void refusedConnection(int member, String reason) {
    troubles.put(member, "member " + member + " refuses the connection: " + reason);
  }

  void connected(int member) {
    up.add(member);
    told.remove(member);
    troubles.remove(member);
  }

  /** Returns whether it was up. What it dialled may break while what we dialled stands. */
  boolean disconnected(int member, boolean dialled) {
    return dialled ? up.remove(member) : up.contains(member);
  }

  boolean isUp(int member) {
    return up.contains(member);
  }

  /** What hinders, in sentences. */
  List<String> findings(Iterable<Integer> members) {
    List<String> findings = new ArrayList<>();
    for (int member : members) {
      if (member != self.id() && !up.contains(member) && !troubles.containsKey(member)) {
        findings.add("member " + member + " is not connected");
      }
    }
    for (Map.Entry<Integer, String> trouble : troubles.entrySet()) {
      findings.add(trouble.getValue());
    }
    return findings;
  }
}
