package io.quorate.testkit.history;

import io.quorate.testkit.history.History.Call;
import io.quorate.testkit.history.Registers.Answer;
import io.quorate.testkit.history.Registers.Request;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/**
 * Clients at work on a store that is linearizable by construction: a request takes effect in one
 * step between those in which it is asked and answered, or, if its outcome is unknown, in any later
 * step, or never.
 */
final class Workload {
  /** What happened in one step; the answer is null for an invocation. */
  record Event(int call, String client, Request request, Ending ending, @Nullable Answer answer) {}

  enum Ending {
    INVOKED,
    OK,
    UNKNOWN,
    REFUSED
  }

  /**
   * How much and of what.
   *
   * @param values how many different values are written; 0: each value is written once
   * @param appends of a hundred writes, how many append; of the others one in three compares
   */
  record Mix(int clients, int keys, int unknownPerMille, int values, int appends) {}

  private static final class Asked {
    private final int call;
    private final String client;
    private final Request request;
    private @Nullable Answer answer;

    Asked(int call, String client, Request request) {
      this.call = call;
      this.client = client;
      this.request = request;
    }
  }

  private final Random random;
  private final Mix mix;
  private final Map<String, String> store = new HashMap<>();
  private final List<Event> events = new ArrayList<>();
  private final List<@Nullable Asked> clients = new ArrayList<>();
  private final List<Asked> adrift = new ArrayList<>();
  private int calls;

  private Workload(long seed, Mix mix) {
    random = new Random(seed);
    this.mix = mix;
    for (int i = 0; i < mix.clients; i++) {
      clients.add(null);
    }
  }

  static List<Event> draw(long seed, Mix mix, int operations) {
    Workload workload = new Workload(seed, mix);
    while (workload.calls < operations) {
      workload.step();
    }
    return workload.events;
  }

  static History<Request, Answer> record(List<Event> events) {
    History<Request, Answer> history = History.create();
    Map<Integer, Call<Request, Answer>> calls = new HashMap<>();
    for (Event event : events) {
      if (event.ending == Ending.INVOKED) {
        calls.put(event.call, history.invoke(event.client, event.request));
        continue;
      }
      Call<Request, Answer> call = Objects.requireNonNull(calls.get(event.call));
      switch (event.ending) {
        case OK -> call.ok(Objects.requireNonNull(event.answer));
        case UNKNOWN -> call.unknown();
        default -> call.refused();
      }
    }
    return history;
  }

  private void step() {
    if (!adrift.isEmpty() && random.nextInt(40) == 0) {
      apply(adrift.remove(random.nextInt(adrift.size())).request);
    }
    int client = random.nextInt(mix.clients);
    Asked asked = clients.get(client);
    if (asked == null) {
      asked = new Asked(calls++, "c" + client, request());
      clients.set(client, asked);
      note(asked, Ending.INVOKED);
    } else if (random.nextInt(1000) < mix.unknownPerMille) {
      if (asked.answer == null && random.nextBoolean()) {
        adrift.add(asked);
      }
      note(asked, Ending.UNKNOWN);
      clients.set(client, null);
    } else if (asked.answer == null && random.nextInt(200) == 0) {
      note(asked, Ending.REFUSED);
      clients.set(client, null);
    } else if (asked.answer == null) {
      asked.answer = apply(asked.request);
    } else {
      note(asked, Ending.OK);
      clients.set(client, null);
    }
  }

  private void note(Asked asked, Ending ending) {
    Answer answer = ending == Ending.OK ? asked.answer : null;
    events.add(new Event(asked.call, asked.client, asked.request, ending, answer));
  }

  private Request request() {
    String key = "k" + random.nextInt(mix.keys);
    if (random.nextBoolean()) {
      return Registers.get(key);
    }
    String value = mix.values == 0 ? "<" + calls + ">" : "" + random.nextInt(mix.values);
    if (random.nextInt(100) < mix.appends) {
      return Registers.append(key, value);
    }
    if (random.nextInt(3) > 0) {
      return Registers.put(key, value);
    }
    String current = store.getOrDefault(key, "");
    return Registers.compareAndSet(key, random.nextInt(4) == 0 ? value : current, value);
  }

  /** Not the model under test, but a second telling of it. */
  private Answer apply(Request request) {
    return apply(store, request);
  }

  static Answer apply(Map<String, String> store, Request request) {
    String[] words = request.toString().replace("\"", "").split(" ", -1);
    String key = words[1];
    Optional<String> current = Optional.ofNullable(store.get(key));
    return switch (words[0]) {
      case "get" -> current.map(Registers::value).orElseGet(Registers::absent);
      case "put" -> {
        store.put(key, words[2]);
        yield Registers.done();
      }
      case "append" -> {
        store.merge(key, words[2], String::concat);
        yield Registers.done();
      }
      case "cas" -> {
        boolean same = current.isPresent() && current.get().equals(words[2]);
        if (same) {
          store.put(key, words[3]);
        }
        yield Registers.swapped(same);
      }
      default -> throw new AssertionError(request);
    };
  }

  /**
   * The same events, but one read in the second half shows again what was read before another read
   * saw something else; null if there is no such read. Only for values that are written once.
   */
  static @Nullable List<Event> withOneStaleRead(List<Event> events, long seed) {
    int start = events.size() / 2 + new Random(seed).nextInt(events.size() / 4);
    for (int i = start; i < events.size(); i++) {
      Event event = events.get(i);
      if (isRead(event)) {
        Answer stale = stale(events, event);
        if (stale != null) {
          List<Event> wrong = new ArrayList<>(events);
          wrong.set(i, new Event(event.call, event.client, event.request, Ending.OK, stale));
          return wrong;
        }
      }
    }
    return null;
  }

  private static boolean isRead(Event event) {
    return event.ending == Ending.OK && event.request.toString().startsWith("get");
  }

  /** Going back from the read: a read that ended before, and what was read before that began. */
  private static @Nullable Answer stale(List<Event> events, Event read) {
    int before = invocation(events, read);
    Event newer = null;
    for (int i = before; i >= 0; i--) {
      Event event = events.get(i);
      if (!isRead(event) || !event.request.equals(read.request)) {
        continue;
      }
      if (newer == null) {
        newer = event;
        before = invocation(events, event);
      } else if (i < before && !Objects.equals(event.answer, newer.answer)) {
        return event.answer;
      }
    }
    return null;
  }

  private static int invocation(List<Event> events, Event of) {
    for (int i = 0; i < events.size(); i++) {
      if (events.get(i).call == of.call) {
        return i;
      }
    }
    throw new AssertionError(of);
  }
}
