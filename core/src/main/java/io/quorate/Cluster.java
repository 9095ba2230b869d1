package io.quorate;

import java.util.Collection;
import java.util.Collections;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * The voters that found a cluster, by member id: the half of the configuration that is equal
 * everywhere. A member id is a name that stays with its data; an address is only a hint, resolved
 * anew at every connect.
 *
 * <p><b>Threads.</b> Any: it is immutable.
 *
 * <p><b>Bounds.</b> 1 to 31 voters.
 *
 * <p><b>Errors.</b> Factories throw {@link IllegalArgumentException} naming the part that is wrong,
 * and how it should look.
 */
public final class Cluster {
  private static final int VOTERS_MAX = 31;
  private final SortedMap<Integer, String> addresses;

  private Cluster(SortedMap<Integer, String> addresses) {
    this.addresses = addresses;
  }

  /**
   * Reads {@code "1=host:port,2=host:port,3=host:port"}.
   *
   * @throws IllegalArgumentException naming the part that is wrong and how it should look
   */
  public static Cluster parse(String text) {
    TreeMap<Integer, String> addresses = new TreeMap<>();
    for (String part : text.split(",", -1)) {
      String member = part.trim();
      int equals = member.indexOf('=');
      if (equals < 1 || !member.substring(0, equals).matches("[0-9]{1,9}")) {
        throw invalid(member, "has no member id");
      }
      add(addresses, Integer.parseInt(member.substring(0, equals)), member.substring(equals + 1));
    }
    return checked(addresses);
  }

  /**
   * From a map of member id to {@code host:port}.
   *
   * @throws IllegalArgumentException naming the part that is wrong and how it should look
   */
  public static Cluster of(Map<Integer, String> members) {
    TreeMap<Integer, String> addresses = new TreeMap<>();
    members.forEach((id, address) -> add(addresses, id, address));
    return checked(addresses);
  }

  private static Cluster checked(SortedMap<Integer, String> addresses) {
    if (addresses.isEmpty() || addresses.size() > VOTERS_MAX) {
      throw new IllegalArgumentException(
          "a cluster has 1 to " + VOTERS_MAX + " members, not " + addresses.size());
    }
    return new Cluster(addresses);
  }

  private static void add(SortedMap<Integer, String> addresses, int id, String address) {
    String member = id + "=" + address;
    if (id < 1) {
      throw invalid(member, "has no member id above 0");
    }
    int colon = address.lastIndexOf(':');
    if (colon < 1 || !address.substring(colon + 1).matches("[0-9]{1,5}")) {
      throw invalid(member, "has no port");
    }
    if (address.substring(0, colon).matches(".*[\\s,=].*")) {
      throw invalid(member, "has a blank, a comma or an equals sign in its host");
    }
    int port = Integer.parseInt(address.substring(colon + 1));
    if (port < 1 || port > 65535) {
      throw invalid(member, "has a port outside 1 to 65535");
    }
    if (addresses.containsValue(address)) {
      throw invalid(member, "repeats the address of another member");
    }
    if (addresses.put(id, address) != null) {
      throw invalid(member, "repeats member id " + id);
    }
  }

  private static IllegalArgumentException invalid(String member, String why) {
    return new IllegalArgumentException(
        "cluster member \"" + member + "\" " + why + "; write ID=HOST:PORT, like 1=localhost:7001");
  }

  /** The member ids, ascending; read-only. */
  public Collection<Integer> members() {
    return Collections.unmodifiableSet(addresses.keySet());
  }

  /**
   * The advertised address of a member.
   *
   * @throws IllegalArgumentException if the cluster has no such member
   */
  public String address(int member) {
    String address = addresses.get(member);
    if (address == null) {
      throw new IllegalArgumentException(
          "the cluster has no member " + member + "; its members are " + addresses.keySet());
    }
    return address;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Cluster that && addresses.equals(that.addresses);
  }

  @Override
  public int hashCode() {
    return addresses.hashCode();
  }

  /** The form that {@link #parse} reads. */
  @Override
  public String toString() {
    return addresses.entrySet().stream()
        .map(member -> member.getKey() + "=" + member.getValue())
        .collect(Collectors.joining(","));
  }
}
