package io.quorate.runtime;

import io.quorate.Cluster;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** Whom a client reaches, and why not the others. Loop only. */
final class ClientContacts {
  private final Cluster cluster;
  private final TreeSet<Integer> up = new TreeSet<>();
  private final TreeMap<Integer, String> troubles = new TreeMap<>();

  ClientContacts(Cluster cluster) {
    this.cluster = cluster;
  }

  void connected(int member) {
    up.add(member);
    troubles.remove(member);
  }

  void disconnected(int member) {
    up.remove(member);
  }

  /** What hinders a connection, as the end of a sentence about the member. */
  void trouble(int member, String why) {
    troubles.put(member, why);
  }

  Set<Integer> connected() {
    return up;
  }

  /** In words, for whoever was not answered in time. */
  String situation(int leader) {
    StringBuilder text = new StringBuilder("connected to the members ").append(up);
    text.append(" of ").append(cluster);
    text.append(leader == 0 ? ", none of which leads" : ", of which " + leader + " leads");
    troubles.forEach((member, why) -> text.append("; member ").append(member).append(why));
    return text.toString();
  }
}
