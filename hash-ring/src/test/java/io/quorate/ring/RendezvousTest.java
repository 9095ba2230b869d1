package io.quorate.ring;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Label;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

class RendezvousTest {
  private static final int KEYS = 500;

  @Property(tries = 300)
  @Label("T8: a node that joins only takes, and gives the same back when it leaves")
  void joinAndLeave(
      @ForAll @Size(min = 1, max = 20) List<@DoubleRange(min = 0.01, max = 100) Double> weights,
      @ForAll @DoubleRange(min = 0.01, max = 100) double weight,
      @ForAll long seed) {
    Rendezvous<String> before = of(weights);
    Rendezvous<String> after = before.with("new", weight);
    Rendezvous<String> again = after.without("new");
    for (long key = seed; key < seed + KEYS; key++) {
      String to = after.owner(key);
      assertTrue(to.equals("new") || to.equals(before.owner(key)));
      assertEquals(before.owner(key), again.owner(key));
    }
  }

  @Property(tries = 300)
  @Label("T8: a node that gets heavier only takes; one that gets lighter only gives")
  void reweight(
      @ForAll @Size(min = 2, max = 20) List<@DoubleRange(min = 0.01, max = 100) Double> weights,
      @ForAll @IntRange(max = 19) int which,
      @ForAll @DoubleRange(min = 0.01, max = 100) double weight,
      @ForAll long seed) {
    int changed = which % weights.size();
    String node = name(changed);
    Rendezvous<String> before = of(weights);
    Rendezvous<String> after = before.reweight(node, weight);
    boolean heavier = weight >= weights.get(changed);
    for (long key = seed; key < seed + KEYS; key++) {
      String from = before.owner(key);
      String to = after.owner(key);
      assertTrue(from.equals(to) || (heavier ? to : from).equals(node));
    }
  }

  @Property(tries = 100)
  @Label("1.1: the order in which nodes come does not matter, nor which came and left")
  void order(
      @ForAll @Size(min = 1, max = 20) List<@DoubleRange(min = 0.01, max = 100) Double> weights,
      @ForAll long seed) {
    List<Integer> order = new ArrayList<>();
    for (int i = 0; i < weights.size(); i++) {
      order.add(i);
    }
    Collections.shuffle(order, new Random(seed));
    Rendezvous<String> other = Rendezvous.<String>empty().with("gone", 7);
    for (int i : order) {
      other = other.with(name(i), weights.get(i));
    }
    other = other.without("gone");
    Rendezvous<String> one = of(weights);
    assertEquals(one.nodes(), other.nodes());
    assertEquals(one.toString(), other.toString());
    for (long key = seed; key < seed + KEYS; key++) {
      assertEquals(one.owner(key), other.owner(key));
    }
  }

  @Property(tries = 300)
  @Label("the owner is who has the least -ln(u)/w, computed for all without a shortcut")
  void equalsTheDefinition(
      @ForAll @Size(min = 1, max = 50) List<@DoubleRange(min = 0.01, max = 1000) Double> weights,
      @ForAll long seed) {
    assertDefinition(weights, seed);
    assertDefinition(Collections.nCopies(weights.size(), weights.get(0)), seed);
  }

  private static void assertDefinition(List<Double> weights, long seed) {
    Rendezvous<String> rendezvous = of(weights);
    List<String> nodes = rendezvous.nodes();
    for (long key = seed; key < seed + 100; key++) {
      String best = "";
      double least = Double.POSITIVE_INFINITY;
      for (String node : nodes) {
        double weight = weights.get(Integer.parseInt(node.substring(1)));
        double draw = Rendezvous.draw(KeyHash.XXH3.hash(key), KeyHash.XXH3.hash(node));
        double score = -StrictMath.log1p(-draw) / weight;
        if (score < least) {
          least = score;
          best = node;
        }
      }
      assertEquals(best, rendezvous.owner(key));
    }
  }

  @Property(tries = 20_000)
  @Label("the logarithm is good to a few units of the last place, and never below the draw")
  void logarithm(@ForAll long bits) {
    double draw = ((bits >>> 12) + 0.5) * 0x1p-52;
    assertLogarithm(draw);
    assertLogarithm(1 - draw);
    assertLogarithm(draw * 0x1p-20 + 0x1p-53 - (draw * 0x1p-20) % 0x1p-53);
  }

  private static void assertLogarithm(double draw) {
    double expected = -StrictMath.log1p(-draw);
    assertEquals(expected, Rendezvous.failure(draw), 6 * Math.ulp(expected), "of " + draw);
    assertTrue(Rendezvous.failure(draw) >= draw * (1 - 0x1p-50), "of " + draw);
  }

  @Example
  @Label("1.1: ids that UTF-8 can not tell apart, and names that change, are refused as in a ring")
  void idsAreOneInAllProcesses() {
    for (String bad : List.of("a\ud800", "\udc00", "\udc00\ud800")) {
      assertThrows(IllegalArgumentException.class, () -> Rendezvous.<String>empty().with(bad));
    }
    assertEquals("\ud83d\ude00", Rendezvous.<String>empty().with("\ud83d\ude00").owner(1));
    assertThrows(
        IllegalArgumentException.class, () -> Rendezvous.<Object>empty().with(new Object()));
  }

  @Example
  @Label("exact weights: each node's part is its weight, also next to one 100,000 times heavier")
  void weights() {
    Rendezvous<String> rendezvous = Rendezvous.empty();
    double[] weights = {1, 2, 3, 0.5, 10, 7.25, 1, 1, 100, 0.001};
    double total = 0;
    for (int i = 0; i < weights.length; i++) {
      rendezvous = rendezvous.with(name(i), weights[i]);
      total += weights[i];
    }
    int keys = 2_000_000;
    int[] counts = new int[weights.length];
    for (long key = 0; key < keys; key++) {
      counts[Integer.parseInt(rendezvous.owner(key).substring(1))]++;
    }
    for (int i = 0; i < weights.length; i++) {
      double part = weights[i] / total;
      double deviation = Math.sqrt(keys * part * (1 - part));
      assertEquals(keys * part, counts[i], 4.5 * deviation, "of weight " + weights[i]);
    }
  }

  @Example
  @Label("what a node gives when it leaves goes to the others by their weights")
  void whatLeavesIsSpread() {
    Rendezvous<String> before =
        Rendezvous.<String>empty().with("a").with("b", 2).with("c", 3).with("d", 4);
    Rendezvous<String> after = before.without("d");
    int moved = 0;
    int toB = 0;
    for (long key = 0; key < 300_000; key++) {
      if (before.owner(key).equals("d")) {
        moved++;
        toB += after.owner(key).equals("b") ? 1 : 0;
      }
    }
    assertEquals(0.4 * 300_000, moved, 1200);
    assertEquals(moved / 3.0, toB, 800);
  }

  @Property(tries = 300)
  @Label("text is its bytes in UTF-8")
  void keysOfEachKind(@ForAll String key, @ForAll KeyHash hash) {
    Rendezvous<String> rendezvous = Rendezvous.<String>empty(String::valueOf, hash);
    for (int i = 0; i < 30; i++) {
      rendezvous = rendezvous.with(name(i));
    }
    assertEquals(rendezvous.owner(key.getBytes(UTF_8)), rendezvous.owner(key));
  }

  private record Shard(String name, String host) {}

  @Example
  @Label("a node is known by its id, so it can come back as another object")
  void ids() {
    Rendezvous<Shard> shards =
        Rendezvous.<Shard>empty(Shard::name).with(new Shard("b", "h1")).with(new Shard("a", "h2"));
    assertEquals("Rendezvous[a=1.0, b=1.0]", shards.toString());
    Rendezvous<Shard> moved = shards.reweight(new Shard("b", "h3"), 2);
    assertEquals(List.of(new Shard("a", "h2"), new Shard("b", "h3")), moved.nodes());
    assertEquals(1, shards.without(new Shard("b", "elsewhere")).nodes().size());
    assertMessage("there is a node a already", () -> shards.with(new Shard("a", "h9")));
    assertMessage("there is no node c", () -> shards.without(new Shard("c", "h1")));
    assertMessage("there is no node c", () -> shards.reweight(new Shard("c", "h1"), 1));
    assertThrows(IllegalStateException.class, () -> Rendezvous.empty().owner("key"));
  }

  @Example
  @Label("weights out of bounds are refused, and those at the bounds are served")
  void bounds() {
    Rendezvous<String> empty = Rendezvous.empty();
    for (double weight : new double[] {0, -1, Double.NaN, 1e-101, 1e101, 1 / 0.0}) {
      assertMessage(
          "weight " + weight + " is not from 1e-100 to 1e100", () -> empty.with("a", weight));
    }
    Rendezvous<String> far = empty.with("light", 1e-100).with("heavy", 1e100);
    for (long key = 0; key < 1000; key++) {
      assertEquals("heavy", far.owner(key));
      assertEquals("light", far.without("heavy").owner(key));
    }
  }

  @Example
  @Label("there is room for 1,024 nodes, and the last of them owns keys as the first does")
  void nodesMax() {
    Rendezvous<String> full = Rendezvous.empty();
    for (int i = 0; i < 1024; i++) {
      full = full.with("%04d".formatted(i));
    }
    Set<String> owners = new HashSet<>();
    for (long key = 0; key < 20_000; key++) {
      owners.add(full.owner(key));
    }
    assertEquals(1024, owners.size());
    Rendezvous<String> last = full;
    assertMessage("more than 1024 nodes; take a ring", () -> last.with("new"));
    assertEquals(1024, full.without("0007").with("new").nodes().size());
  }

  private static void assertMessage(String message, Runnable call) {
    assertEquals(message, assertThrows(IllegalArgumentException.class, call::run).getMessage());
  }

  private static Rendezvous<String> of(List<Double> weights) {
    Rendezvous<String> rendezvous = Rendezvous.empty();
    for (int i = 0; i < weights.size(); i++) {
      rendezvous = rendezvous.with(name(i), weights.get(i));
    }
    return rendezvous;
  }

  private static String name(int i) {
    return "n" + i;
  }
}
