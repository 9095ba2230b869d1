package io.quorate.testkit.history;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The operations of one key in the order of invocation; the unknown ones apart. */
final class Timeline<I, O> {
  private final String key;
  private final List<Operation<I, O>> all;
  private final List<Operation<I, O>> known;
  private final List<Operation<I, O>> unknown;
  private final int[] twins;

  Timeline(String key, List<Operation<I, O>> operations) {
    this.key = key;
    all = List.copyOf(operations);
    known = all.stream().filter(operation -> operation.output().isPresent()).toList();
    unknown = all.stream().filter(operation -> operation.output().isEmpty()).toList();
    twins = new int[unknown.size()];
    Map<I, Integer> latest = new HashMap<>();
    for (int i = 0; i < twins.length; i++) {
      Integer twin = latest.put(unknown.get(i).input(), i);
      twins[i] = twin == null ? -1 : twin;
    }
  }

  String key() {
    return key;
  }

  List<Operation<I, O>> all() {
    return all;
  }

  List<Operation<I, O>> known() {
    return known;
  }

  List<Operation<I, O>> unknown() {
    return unknown;
  }

  /** The unknown operation with the same input that was invoked last before this one, or -1. */
  int twin(int index) {
    return twins[index];
  }
}
