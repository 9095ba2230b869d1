package io.quorate.examples.registry;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.quorate.Command;
import io.quorate.CommandRejectedException;
import io.quorate.ServiceCodec;
import io.quorate.TypedStateMachine;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Keys with values, some of which expire; and what has changed last, for who watches.
 *
 * <p>Time is cluster time: a key expires on all replicas with the same command. That is the first
 * one that comes late enough; so that there is one, the leading replica sends {@link Change#SWEEP}.
 */
final class Registry extends TypedStateMachine<Change, Item, Question, Answer> {
  /** The language of changes, items, questions and answers. */
  static final ServiceCodec<Change, Item, Question, Answer> CODEC =
      new ServiceCodec<>(
          Json.codec(Change.class),
          Json.codec(Item.class),
          Json.codec(Question.class),
          Json.codec(Answer.class));

  static final int CHANGES_KEPT = 1_000;

  /** An answer ends at the item that exceeds it; with one more value it is below 3 MiB. */
  private static final int ANSWER_CHARS = 512 << 10;

  private static final long NEVER = Long.MAX_VALUE;

  private final LongConsumer applied;
  private final TreeMap<String, Held> held = new TreeMap<>();
  private final TreeSet<Ending> endings =
      new TreeSet<>(Comparator.comparingLong(Ending::at).thenComparing(Ending::key));
  private final ArrayDeque<Item> changes = new ArrayDeque<>();
  private long index;
  private long forgotten;
  private volatile boolean expires;

  private record Held(String value, long index, long ends) {}

  private record Ending(long at, String key) {}

  /**
   * Empty.
   *
   * @param applied told of each command's index on the apply thread; no part of the state
   */
  Registry(LongConsumer applied) {
    super(CODEC);
    this.applied = applied;
  }

  @Override
  protected Item execute(Command at, Change change) {
    String problem = change.problem();
    if (problem != null) {
      throw new CommandRejectedException(problem);
    }
    @Nullable Held before = current(change.key(), at.time());
    if (change.expected() != Change.ANY) {
      long actual = before == null ? 0 : before.index;
      if (actual != change.expected()) {
        throw new CommandRejectedException(
            "key %s has index %d, not %d".formatted(change.key(), actual, change.expected()));
      }
    }
    index = at.index();
    expire(at.time());
    Item item = new Item(change.key(), change.value(), index);
    if (change.value() != null) {
      hold(change.key(), new Held(change.value(), index, ends(at, change)));
      remember(item);
    } else if (drop(change.key())) {
      remember(item);
    }
    applied.accept(index);
    return item;
  }

  private @Nullable Held current(String key, long now) {
    Held found = held.get(key);
    return found == null || found.ends <= now ? null : found;
  }

  private static long ends(Command at, Change change) {
    return change.ttlMillis() == 0
        ? NEVER
        : at.time() + TimeUnit.MILLISECONDS.toNanos(change.ttlMillis());
  }

  private void expire(long now) {
    while (!endings.isEmpty() && endings.first().at <= now) {
      String key = endings.first().key;
      drop(key);
      remember(new Item(key, null, index));
    }
  }

  private void hold(String key, Held item) {
    drop(key);
    held.put(key, item);
    if (item.ends != NEVER) {
      endings.add(new Ending(item.ends, key));
    }
    expires = !endings.isEmpty();
  }

  private boolean drop(String key) {
    Held item = held.remove(key);
    if (item == null) {
      return false;
    }
    endings.remove(new Ending(item.ends, key));
    expires = !endings.isEmpty();
    return true;
  }

  /** Whether anything will expire. Any thread. */
  boolean expires() {
    return expires;
  }

  private void remember(Item change) {
    changes.addLast(change);
    if (changes.size() > CHANGES_KEPT) {
      forgotten = changes.removeFirst().index();
    }
  }

  @Override
  protected Answer answer(Question question) {
    List<Item> found = new ArrayList<>();
    if (question.after() != Question.NOW) {
      changes.stream()
          .filter(item -> item.index() > question.after() && question.covers(item.key()))
          .forEach(found::add);
      return new Answer(index, question.after() >= forgotten, found);
    }
    int chars = 0;
    for (Map.Entry<String, Held> entry : held.tailMap(question.prefix()).entrySet()) {
      if (!question.covers(entry.getKey())) {
        break;
      }
      if (chars > ANSWER_CHARS) {
        return new Answer(index, false, found);
      }
      Held item = entry.getValue();
      chars += entry.getKey().length() + item.value.length();
      found.add(new Item(entry.getKey(), item.value, item.index));
    }
    return new Answer(index, true, found);
  }

  @Override
  public void snapshot(OutputStream out) throws IOException {
    DataOutputStream data = new DataOutputStream(out);
    data.writeLong(index);
    data.writeLong(forgotten);
    data.writeInt(held.size());
    for (Map.Entry<String, Held> entry : held.entrySet()) {
      write(data, entry.getKey());
      write(data, entry.getValue().value);
      data.writeLong(entry.getValue().index);
      data.writeLong(entry.getValue().ends);
    }
    data.writeInt(changes.size());
    for (Item change : changes) {
      write(data, Json.text(change));
    }
    data.flush();
  }

  private static void write(DataOutputStream out, String text) throws IOException {
    byte[] bytes = text.getBytes(UTF_8);
    out.writeInt(bytes.length);
    out.write(bytes);
  }

  @Override
  public void restore(InputStream in) throws IOException {
    DataInputStream data = new DataInputStream(in);
    index = data.readLong();
    forgotten = data.readLong();
    held.clear();
    endings.clear();
    expires = false;
    for (int left = data.readInt(); left > 0; left--) {
      hold(read(data), new Held(read(data), data.readLong(), data.readLong()));
    }
    changes.clear();
    for (int left = data.readInt(); left > 0; left--) {
      byte[] item = read(data).getBytes(UTF_8);
      changes.addLast(CODEC.replies().decode(ByteBuffer.wrap(item)));
    }
  }

  private static String read(DataInputStream in) throws IOException {
    int length = in.readInt();
    if (length < 0 || length > 8 * Change.VALUE_MAX) {
      throw new IOException("a text of " + length + " bytes in a snapshot");
    }
    return new String(in.readNBytes(length), UTF_8);
  }
}
