package io.quorate.examples.kv;

/**
 * Equal for equal states and, for all practical purposes, for no others.
 *
 * @param index number of the last command that changed the state
 * @param sha256 hexadecimal, over the snapshot: index, keys in order, values, counts
 */
public record KvDigest(long index, String sha256) {
  @Override
  public String toString() {
    return "sha256 " + sha256 + " at command " + index;
  }
}
