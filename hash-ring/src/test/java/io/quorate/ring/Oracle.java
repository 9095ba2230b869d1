package io.quorate.ring;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToLongFunction;

/** The ring as one would write it down: a sorted list of tokens, looked through from its start. */
final class Oracle {
  /** A node of the list. */
  record Spec(String id, int weight, String zone) {}

  private record Token(long position, Spec spec, int number) {
    private static final Comparator<Token> ORDER =
        ((Comparator<Token>) (a, b) -> Long.compareUnsigned(a.position, b.position))
            .thenComparing(token -> token.spec.id.getBytes(UTF_8), Arrays::compareUnsigned)
            .thenComparingInt(Token::number);
  }

  private static final int UNIT_BITS = 24;

  private final List<Token> tokens = new ArrayList<>();

  Oracle(List<Spec> specs, int perWeight, ToLongFunction<byte[]> hash) {
    for (Spec spec : specs) {
      for (int number = 0; number < spec.weight * perWeight; number++) {
        byte[] id = spec.id.getBytes(UTF_8);
        ByteBuffer bytes =
            ByteBuffer.allocate(id.length + 8)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putInt(id.length)
                .put(id)
                .putInt(number);
        tokens.add(new Token(hash.applyAsLong(bytes.array()), spec, number));
      }
    }
    tokens.sort(Token.ORDER);
  }

  /** All tokens' nodes, from the first that a key of this hash meets. */
  private List<Spec> walk(long hash) {
    int first = 0;
    while (first < tokens.size()
        && Long.compareUnsigned(tokens.get(first).position >>> UNIT_BITS, hash >>> UNIT_BITS) < 0) {
      first++;
    }
    List<Spec> walk = new ArrayList<>();
    for (int i = 0; i < tokens.size(); i++) {
      walk.add(tokens.get((first + i) % tokens.size()).spec);
    }
    return walk;
  }

  String owner(long hash) {
    return walk(hash).get(0).id;
  }

  /** The k-th node of each zone before the next of any; in a round, who is met first. */
  List<String> replicas(long hash, int count) {
    Map<String, Integer> rounds = new LinkedHashMap<>();
    Map<String, Integer> perZone = new LinkedHashMap<>();
    for (Spec spec : walk(hash)) {
      if (!rounds.containsKey(spec.id)) {
        rounds.put(spec.id, perZone.merge(spec.zone, 1, Integer::sum));
      }
    }
    return rounds.entrySet().stream()
        .sorted(Map.Entry.comparingByValue()) // Stable: those of a round stay in the walk's order.
        .limit(count)
        .map(Map.Entry::getKey)
        .toList();
  }
}
