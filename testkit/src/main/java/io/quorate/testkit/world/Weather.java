package io.quorate.testkit.world;

import java.util.random.RandomGenerator;

/** How fast and how badly network, disk and threads work at the moment. Loop of the simulator. */
public final class Weather {
  private static final long MICRO = 1_000;

  private final RandomGenerator random;
  private long networkNanosMin;
  private long networkNanosMax;
  private long diskNanosMax;
  private long hopNanosMax;
  private int lossPerMille;
  private int breakPerTenThousand;
  private int duplicatePerMille;
  private int reorderPerMille;

  public Weather(RandomGenerator random) {
    this.random = random;
    calm();
  }

  /** Everything works. */
  public void calm() {
    networkNanosMin = 50 * MICRO;
    networkNanosMax = 500 * MICRO;
    diskNanosMax = 300 * MICRO;
    hopNanosMax = 30 * MICRO;
    lossPerMille = 0;
    breakPerTenThousand = 0;
    duplicatePerMille = 0;
    reorderPerMille = 0;
  }

  /** Any of the troubles, each as likely as not. */
  public void rough() {
    calm();
    networkNanosMax = random.nextInt(3) == 0 ? 40_000 * MICRO : 2_000 * MICRO;
    diskNanosMax = random.nextInt(3) == 0 ? 30_000 * MICRO : 1_000 * MICRO;
    hopNanosMax = random.nextInt(3) == 0 ? 3_000 * MICRO : 100 * MICRO;
    lossPerMille = random.nextBoolean() ? random.nextInt(60) : 0;
    breakPerTenThousand = random.nextBoolean() ? random.nextInt(60) : 0;
    duplicatePerMille = random.nextBoolean() ? random.nextInt(100) : 0;
    reorderPerMille = random.nextBoolean() ? random.nextInt(200) : 0;
  }

  /** Every so many messages one is lost, comes twice, or overtakes another. */
  public void loseDuplicateReorder(int loss, int duplicate, int reorder) {
    lossPerMille = loss;
    duplicatePerMille = duplicate;
    reorderPerMille = reorder;
  }

  /** A disk that takes up to so long for a write or a sync. */
  public void diskNanosMax(long nanos) {
    diskNanosMax = nanos;
  }

  /** How much longer a frame takes on a way that is slow by so much. */
  public long slowNanos(long nanos) {
    return nanos + random.nextLong(nanos / 4 + 1);
  }

  /** A time up to there. */
  public long upTo(long nanos) {
    return random.nextLong(nanos);
  }

  /** Any number below that. */
  public int any(int below) {
    return random.nextInt(below);
  }

  public boolean timersFirst() {
    return random.nextBoolean();
  }

  public long networkNanos() {
    return random.nextLong(networkNanosMin, networkNanosMax);
  }

  public long diskNanos() {
    return random.nextLong(diskNanosMax);
  }

  public long hopNanos() {
    return random.nextLong(hopNanosMax);
  }

  public boolean loses() {
    return lossPerMille > 0 && random.nextInt(1000) < lossPerMille;
  }

  public boolean breaks() {
    return breakPerTenThousand > 0 && random.nextInt(10_000) < breakPerTenThousand;
  }

  public boolean duplicates() {
    return duplicatePerMille > 0 && random.nextInt(1000) < duplicatePerMille;
  }

  public boolean reorders() {
    return reorderPerMille > 0 && random.nextInt(1000) < reorderPerMille;
  }
}
