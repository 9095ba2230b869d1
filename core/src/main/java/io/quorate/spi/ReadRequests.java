package io.quorate.spi;

import java.util.ArrayList;
import java.util.List;

/**
 * This replica's reads that were asked at a leader, each under a token that its answer repeats.
 *
 * <p><b>Threads.</b> The loop thread only.
 *
 * <p><b>Bounds.</b> At most 4096 wait: the oldest gives way to one more.
 */
public final class ReadRequests {
  private static final int READS_MAX = 4096;

  private record Request(long token, long id) {}

  private final List<Request> requests = new ArrayList<>();

  /** No read waits. */
  public ReadRequests() {}

  /**
   * A read was asked at the leader.
   *
   * @param token used once in all lives of this replica (Q2), see {@link Timing#firstToken}
   * @param id as {@link Engine#read} named it
   */
  public void add(long token, long id, Effects<?> out) {
    if (requests.size() == READS_MAX) {
      out.unreadable(requests.remove(0).id());
    }
    requests.add(new Request(token, id));
  }

  /**
   * The leader has answered. A token answers one read, once; a token that is not known, none.
   *
   * @param index once it is applied the read may be served, if it was confirmed
   */
  public void answered(long token, boolean confirmed, long index, Effects<?> out) {
    for (int i = 0; i < requests.size(); i++) {
      if (requests.get(i).token() == token) {
        long id = requests.remove(i).id();
        if (confirmed) {
          out.readable(id, index);
        } else {
          out.unreadable(id);
        }
        return;
      }
    }
  }

  /** The leader is lost, or another one leads: all that wait are over. */
  public void fail(Effects<?> out) {
    for (Request request : requests) {
      out.unreadable(request.id());
    }
    requests.clear();
  }
}
