package io.quorate.testkit.history;

import io.quorate.testkit.history.Registers.Answer;
import io.quorate.testkit.history.Registers.Request;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Every order of every choice of unknown operations, judged by a plain map. For few operations. */
final class BruteForce {
  private BruteForce() {}

  static boolean isLinearizable(History<Request, Answer> history) {
    return anyOrder(history.operations(), new ArrayList<>());
  }

  private static boolean anyOrder(
      List<Operation<Request, Answer>> rest, List<Operation<Request, Answer>> order) {
    if (rest.stream().allMatch(each -> each.output().isEmpty()) && explains(order)) {
      return true;
    }
    for (Operation<Request, Answer> next : rest) {
      List<Operation<Request, Answer>> less = new ArrayList<>(rest);
      less.remove(next);
      order.add(next);
      boolean found = anyOrder(less, order);
      order.remove(order.size() - 1);
      if (found) {
        return true;
      }
    }
    return false;
  }

  private static boolean explains(List<Operation<Request, Answer>> order) {
    Map<String, String> store = new HashMap<>();
    for (int i = 0; i < order.size(); i++) {
      Operation<Request, Answer> operation = order.get(i);
      for (Operation<Request, Answer> later : order.subList(i + 1, order.size())) {
        if (later.returned() < operation.invoked()) {
          return false;
        }
      }
      Answer answer = Workload.apply(store, operation.input());
      if (!operation.output().orElse(answer).equals(answer)) {
        return false;
      }
    }
    return true;
  }
}
