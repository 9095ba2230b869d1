package io.quorate.testkit.history;

import io.quorate.testkit.history.History.Call;
import io.quorate.testkit.history.Registers.Answer;
import io.quorate.testkit.history.Registers.Request;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Histories as pictures. A line is a client, a bracket opens where a call is made and closes where
 * it returns:
 *
 * <pre>
 * anna [put 1]         [get =2]
 * bert    [append 2 ?]           [cas 2 3 no]  [y get =-]
 * </pre>
 *
 * <p>{@code ?} is an unknown outcome, {@code !} a refusal, {@code ..} no return at all, {@code =-}
 * absent. The key is x unless the call begins with another.
 */
final class Drawing {
  private static final Pattern CALL = Pattern.compile("\\[([^\\]]*)\\]");

  private record Drawn(int call, String client, int begin, int end, String text) {}

  private Drawing() {}

  static History<Request, Answer> history(String picture) {
    List<Drawn> drawn = new ArrayList<>();
    for (String line : picture.lines().toList()) {
      Matcher matcher = CALL.matcher(line);
      while (matcher.find()) {
        String client = line.substring(0, line.indexOf(' '));
        drawn.add(
            new Drawn(drawn.size(), client, matcher.start(), matcher.end() - 1, matcher.group(1)));
      }
    }
    History<Request, Answer> history = History.create();
    Map<Integer, Call<Request, Answer>> calls = new HashMap<>();
    int width = drawn.stream().mapToInt(Drawn::end).max().orElseThrow();
    for (int column = 0; column <= width; column++) {
      for (Drawn each : drawn) {
        if (each.begin == column) {
          calls.put(each.call, history.invoke(each.client, request(each.text)));
        }
      }
      for (Drawn each : drawn) {
        if (each.end == column) {
          end(Objects.requireNonNull(calls.get(each.call)), each.text);
        }
      }
    }
    return history;
  }

  private static Request request(String text) {
    List<String> words = words(text);
    String key = words.get(0);
    return switch (words.get(1)) {
      case "get" -> Registers.get(key);
      case "put" -> Registers.put(key, words.get(2));
      case "append" -> Registers.append(key, words.get(2));
      case "cas" -> Registers.compareAndSet(key, words.get(2), words.get(3));
      default -> throw new IllegalArgumentException(text);
    };
  }

  private static void end(Call<Request, Answer> call, String text) {
    List<String> words = words(text);
    String last = words.get(words.size() - 1);
    switch (last) {
      case "?" -> call.unknown();
      case "!" -> call.refused();
      case "yes", "no" -> call.ok(Registers.swapped(last.equals("yes")));
      case "=-" -> call.ok(Registers.absent());
      default -> {
        if (last.startsWith("=")) {
          call.ok(Registers.value(last.substring(1)));
        } else if (!last.equals("..")) {
          call.ok(Registers.done());
        }
      }
    }
  }

  private static List<String> words(String text) {
    List<String> words = new ArrayList<>(List.of(text.strip().split(" +")));
    if (words.get(0).length() > 1) {
      words.add(0, "x");
    }
    return words;
  }
}
