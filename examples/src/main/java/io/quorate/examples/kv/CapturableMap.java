package io.quorate.examples.kv;

import java.util.ArrayDeque;
import java.util.Iterator;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A sorted map that is captured at once, however large it is: what a state machine wants whose
 * {@link io.quorate.StateMachine#capture} must not keep commands waiting.
 *
 * <p><b>Threads.</b> The map belongs to one thread at a time; a {@link Captured} never changes, and
 * may be handed to any.
 */
public final class CapturableMap<K extends Comparable<K>, V> {
  /*
   * An AVL tree. A capture is a reference to its root, and ends an era. A node that was made in the
   * current era is in no capture, and is changed in place. Any other one is left as it is: a copy
   * takes its place, and that of each node above it. So what comes after a capture copies the way to
   * its key, 20 nodes among a million, and what comes after that less and less.
   */
  private Object era = new Object();
  private @Nullable Node<K, V> root;
  private int size;

  /** How many keys it has. */
  public int size() {
    return size;
  }

  /** The value of a key; null if it has none. */
  public @Nullable V get(K key) {
    Node<K, V> at = root;
    while (at != null) {
      int order = key.compareTo(at.key);
      if (order == 0) {
        return at.value;
      }
      at = order < 0 ? at.left : at.right;
    }
    return null;
  }

  /** Gives a key that value, whatever it had. */
  public void put(K key, V value) {
    root = with(root, key, value);
  }

  /** Takes a key and its value away, if it is there. */
  public void remove(K key) {
    if (get(key) != null) {
      root = without(Objects.requireNonNull(root), key);
      size--;
    }
  }

  /** The map as it is now, for ever. Takes no time and no memory of its own. */
  public Captured<K, V> capture() {
    era = new Object();
    return new Captured<>(root, size);
  }

  /** A map as it was when it was captured, in the order of its keys. */
  public static final class Captured<K extends Comparable<K>, V>
      implements Iterable<Map.Entry<K, V>> {
    private final @Nullable Node<K, V> root;
    private final int size;

    private Captured(@Nullable Node<K, V> root, int size) {
      this.root = root;
      this.size = size;
    }

    /** How many keys it has. */
    public int size() {
      return size;
    }

    @Override
    public Iterator<Map.Entry<K, V>> iterator() {
      return new InOrder<>(root, null);
    }

    /** What has that key, or one behind it. */
    public Iterable<Map.Entry<K, V>> from(K key) {
      return () -> new InOrder<>(root, key);
    }
  }

  private static final class Node<K, V> {
    final Object era;
    K key;
    V value;
    @Nullable Node<K, V> left;
    @Nullable Node<K, V> right;
    int height = 1;

    Node(Object era, K key, V value) {
      this.era = era;
      this.key = key;
      this.value = value;
    }
  }

  private static final class InOrder<K extends Comparable<K>, V>
      implements Iterator<Map.Entry<K, V>> {
    /** The next node on top, and below it those of which it is on the left. */
    private final ArrayDeque<Node<K, V>> path = new ArrayDeque<>();

    InOrder(@Nullable Node<K, V> root, @Nullable K from) {
      Node<K, V> at = root;
      while (at != null) {
        if (from == null || from.compareTo(at.key) <= 0) {
          path.push(at);
          at = at.left;
        } else {
          at = at.right;
        }
      }
    }

    @Override
    public boolean hasNext() {
      return !path.isEmpty();
    }

    @Override
    public Map.Entry<K, V> next() {
      Node<K, V> next = path.pop(); // Throws NoSuchElementException at the end.
      for (Node<K, V> at = next.right; at != null; at = at.left) {
        path.push(at);
      }
      return Map.entry(next.key, next.value);
    }
  }

  // The tree

  /** The node, if it may be changed, else a copy of it that may. */
  private Node<K, V> own(Node<K, V> node) {
    if (node.era == era) {
      return node;
    }
    Node<K, V> copy = new Node<>(era, node.key, node.value);
    copy.left = node.left;
    copy.right = node.right;
    copy.height = node.height;
    return copy;
  }

  private Node<K, V> with(@Nullable Node<K, V> node, K key, V value) {
    if (node == null) {
      size++;
      return new Node<>(era, key, value);
    }
    Node<K, V> own = own(node);
    int order = key.compareTo(own.key);
    if (order == 0) {
      own.value = value;
      return own;
    }
    if (order < 0) {
      own.left = with(own.left, key, value);
    } else {
      own.right = with(own.right, key, value);
    }
    return balanced(own);
  }

  /** The tree below a node without a key that it has. */
  private @Nullable Node<K, V> without(Node<K, V> node, K key) {
    int order = key.compareTo(node.key);
    if (order == 0 && (node.left == null || node.right == null)) {
      return node.left == null ? node.right : node.left;
    }
    Node<K, V> own = own(node);
    if (order < 0) {
      own.left = without(Objects.requireNonNull(own.left), key);
    } else if (order > 0) {
      own.right = without(Objects.requireNonNull(own.right), key);
    } else {
      Node<K, V> right = Objects.requireNonNull(own.right);
      Node<K, V> next = leftmost(right); // Takes the place of the one that goes.
      own.key = next.key;
      own.value = next.value;
      own.right = without(right, next.key);
    }
    return balanced(own);
  }

  private static <K, V> Node<K, V> leftmost(Node<K, V> node) {
    Node<K, V> at = node;
    while (at.left != null) {
      at = at.left;
    }
    return at;
  }

  // What follows is handed nodes of the current era. Their subtrees are balanced, and differ in
  // height by two at most.

  private Node<K, V> balanced(Node<K, V> node) {
    int lean = height(node.left) - height(node.right);
    if (lean > 1) {
      Node<K, V> left = own(Objects.requireNonNull(node.left));
      node.left = height(left.left) < height(left.right) ? turnedLeft(left) : left;
      return turnedRight(node);
    }
    if (lean < -1) {
      Node<K, V> right = own(Objects.requireNonNull(node.right));
      node.right = height(right.right) < height(right.left) ? turnedRight(right) : right;
      return turnedLeft(node);
    }
    return measured(node);
  }

  private Node<K, V> turnedRight(Node<K, V> node) {
    Node<K, V> up = own(Objects.requireNonNull(node.left));
    node.left = up.right;
    up.right = measured(node);
    return measured(up);
  }

  private Node<K, V> turnedLeft(Node<K, V> node) {
    Node<K, V> up = own(Objects.requireNonNull(node.right));
    node.right = up.left;
    up.left = measured(node);
    return measured(up);
  }

  private static <K, V> Node<K, V> measured(Node<K, V> node) {
    node.height = 1 + Math.max(height(node.left), height(node.right));
    return node;
  }

  private static int height(@Nullable Node<?, ?> node) {
    return node == null ? 0 : node.height;
  }
}
