package io.quorate.storage.disk;

/**
 * A place where a file is not as it was written.
 *
 * @param offset in the file, all its bytes counted
 * @param group whose record or snapshot it is; 0 if that cannot be told, or it is nobody's
 * @param instance the incarnation of this host's replica in that group, or 0
 * @param epoch of an entry or snapshot, else 0
 * @param index likewise
 */
public record Damage(
    String file,
    long offset,
    long group,
    long instance,
    long epoch,
    long index,
    String what,
    Remedy remedy) {
  /** What can be done. */
  public enum Remedy {
    /** Nothing has to be done, because nothing is lost. */
    NONE(
        "nothing is lost, because it does not count any more: there is nothing to do, but see to"
            + " it that the disk works"),
    /** A repair is certain to make it what it was. */
    UNDO(
        "nothing is lost, because one bit is flipped and it is certain which: have it undone, by"
            + " this file and offset, and see to it that the disk works"),
    /** An entry that others have. */
    REFILL(
        "the other members hold this entry. This one will not testify without it: if it does not"
            + " get it back from them, have the replica of this group removed and let it join"
            + " again, or put a copy of the directory back that is whole and no older"),
    /** One replica has lost what it stands for. */
    REPLACE(
        "what this replica has promised may be lost, so it must not go on: have the replica of this"
            + " group removed and let it join again, or put a copy of the directory back that is"
            + " whole and no older"),
    /** Nobody can tell whose it was. */
    REPLACE_ALL(
        "what is lost may be of any group, so no replica in this directory may go on: move it away"
            + " and let them all join again, or put a copy of the directory back that is whole and"
            + " no older"),
    /** The state of one replica. */
    SNAPSHOT(
        "the log may no longer hold what this snapshot stands for: start the member, which gets"
            + " another one from the others before it takes part; where there are no others, put a"
            + " copy of the file back that is whole");

    private final String sentence;

    Remedy(String sentence) {
      this.sentence = sentence;
    }

    /** For the user. */
    public String sentence() {
      return sentence;
    }
  }

  /** Of which nobody can tell whose it was. */
  static Damage at(String file, long offset, String what) {
    return new Damage(file, offset, 0, 0, 0, 0, what, Remedy.REPLACE_ALL);
  }

  /** Where no record stands, in the file of a segment. */
  static Damage harmless(Segment segment, long offset, String what) {
    return new Damage(segment.name(), offset, 0, 0, 0, 0, what, Remedy.NONE);
  }

  /** In a record whose header says this. */
  static Damage of(RecordHeader header, String what, Remedy remedy) {
    long position = header.position();
    return new Damage(
        Segment.name(Position.segment(position)),
        SectorFile.inFile(Position.offset(position)),
        header.group(),
        header.instance(),
        header.epoch(),
        header.index(),
        what,
        remedy);
  }

  /** In a snapshot of that name. */
  static Damage of(SnapshotName name, String file, long offset, String what, Remedy remedy) {
    return new Damage(
        file, offset, name.group(), name.instance(), name.epoch(), name.index(), what, remedy);
  }
}
