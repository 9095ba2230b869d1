package io.quorate.ring;

/** Turns a number into one that looks random, the same on all machines. */
final class Mixing {
  /** 2^64 divided by the golden ratio, odd: its multiples are spread as evenly as can be. */
  static final long STEP = 0x9e3779b97f4a7c15L;

  private Mixing() {}

  /**
   * A bijection in which each bit of the input turns over about half of the output: what follows
   * each step of SplitMix64 (Steele, Lea, Flood: Fast splittable pseudorandom number generators,
   * 2014; constants by Stafford, variant 13).
   */
  static long mix(long value) {
    long mixed = (value ^ (value >>> 30)) * 0xbf58476d1ce4e5b9L;
    mixed = (mixed ^ (mixed >>> 27)) * 0x94d049bb133111ebL;
    return mixed ^ (mixed >>> 31);
  }
}
