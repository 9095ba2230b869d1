package io.quorate.spi;

/**
 * One replica as votes count it: by id and incarnation, never by id alone.
 *
 * @param id the member's number in its cluster, above 0
 * @param incarnation drawn at random whenever the replica (member and group) is created on a store;
 *     a wiped disk comes back with another one. Never 0 for a replica that exists.
 */
public record Member(int id, long incarnation) {
  /** Checks the id. */
  public Member {
    Check.that(id > 0, "IC12 a member id is above 0", id, 0);
  }

  @Override
  public String toString() {
    return id + "/" + Long.toHexString(incarnation);
  }
}
