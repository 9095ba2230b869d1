package io.quorate.runtime;

/** What can be asked over {@link Wire#ADMIN}. */
enum Verb {
  STATUS(1),
  TRANSFER(2),
  SNAPSHOT(3),
  BACKUP(4),
  ADD(5),
  REMOVE(6),
  REPLACE(7);

  private static final Verb[] ALL = values();
  private final int number;

  Verb(int number) {
    this.number = number;
  }

  /** Its number on the wire. */
  int number() {
    return number;
  }

  static Verb of(int number) {
    for (Verb verb : ALL) {
      if (verb.number == number) {
        return verb;
      }
    }
    throw new IllegalArgumentException("no verb has the number " + number);
  }
}
