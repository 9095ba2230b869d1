package io.quorate.ring;

/**
 * How much the nodes have to do, in whatever unit: requests on their way, keys held.
 *
 * <p><b>Threads.</b> Read by whichever thread looks up; may change meanwhile, and then is as good
 * as it was.
 *
 * @param <N> what stands for a node
 */
public interface Loads<N> {
  /** The node's load, 0 or more. */
  long of(N node);

  /** That of all nodes together. */
  long total();
}
