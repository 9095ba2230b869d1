package io.quorate.examples.lock;

/** Something that a lock guards, and that does its own part: it refuses who comes too late. */
final class FencedFile {
  private long greatest;
  private String content = "";

  /** Writes, unless a later holder of the lock has written before; returns whether it did. */
  synchronized boolean write(long token, String text) {
    if (token < greatest) {
      return false;
    }
    greatest = token;
    content = text;
    return true;
  }

  synchronized String content() {
    return content;
  }
}
