package io.quorate.runtime;

import io.quorate.spi.Stamp;

/** Who leads, as this replica knows. Loop only. */
final class Leadership {
  private final int self;
  private int member;
  private Stamp stamp = Stamp.NONE;

  Leadership(int self) {
    this.self = self;
  }

  /** 0 if nobody is known to lead. */
  int member() {
    return member;
  }

  /** The term or ballot in which that member leads. */
  Stamp stamp() {
    return stamp;
  }

  boolean isOwn() {
    return member == self;
  }

  void change(int to, Stamp of) {
    member = to;
    stamp = of;
  }

  /** The replica ends. */
  void end() {
    member = 0;
  }
}
