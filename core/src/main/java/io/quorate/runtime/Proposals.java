package io.quorate.runtime;

import io.quorate.runtime.Calls.Proposal;
import io.quorate.runtime.Outcome.Code;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The commands of this replica's own, implicit session that are not settled, by sequence.
 *
 * <p>Whoever applies an entry of this session at this replica settles the command, whichever way it
 * took to the log; so no reply ever travels back. When the leader changes, the cursor goes back to
 * the low-water mark and everything unsettled is handed to the new leader under the same sequences.
 *
 * <p>Loop only, but for {@link #settle} (apply thread).
 */
final class Proposals {
  private final Ring<Proposal> ring = new Ring<>(Batch.WINDOW);
  private final ArrayDeque<Proposal> unnamed = new ArrayDeque<>();
  private final Supplier<@Nullable SessionId> naming;
  private final Admission admission;
  private volatile @Nullable SessionId session;
  private boolean sessionExpired;

  // mark ≤ cursor ≤ next: below mark all is settled, below cursor all was handed to the leader.
  private long mark = 1;
  private long cursor = 1;
  private long next = 1;

  /**
   * Without commands.
   *
   * @param naming draws a session, or null while none can be named: then the commands wait
   * @param admission what a settled command gives back to
   */
  Proposals(Supplier<@Nullable SessionId> naming, Admission admission) {
    this.naming = naming;
    this.admission = admission;
  }

  void add(Proposal proposal) {
    unnamed.add(proposal);
  }

  boolean isEmpty() {
    advance();
    return mark == next && unnamed.isEmpty();
  }

  int size() {
    advance();
    return (int) (next - mark) + unnamed.size();
  }

  /** The next command to hand to the leader, without taking it; null if there is none. */
  @Nullable Proposal peek() {
    while (true) {
      if (cursor == next && !name()) {
        return null;
      }
      Proposal proposal = ring.get(cursor);
      if (proposal != null) {
        return proposal;
      }
      cursor++;
    }
  }

  /** Takes the command that {@link #peek} returned. */
  Proposal take() {
    Proposal proposal = peek();
    if (proposal == null) {
      throw new IllegalStateException("no proposal waits");
    }
    cursor++;
    proposal.copies++;
    proposal.mark = mark;
    return proposal;
  }

  /** Gives the oldest unnamed command its number, if the session's window has room. */
  private boolean name() {
    advance();
    Proposal proposal = unnamed.peek();
    if (proposal == null || next - mark >= Batch.WINDOW) {
      return false;
    }
    SessionId named = session;
    if (named == null || sessionExpired) {
      if (mark != next) {
        return false;
      }
      named = naming.get();
      if (named == null) {
        return false;
      }
      session = named;
      sessionExpired = false;
    }
    unnamed.remove();
    proposal.session = named;
    proposal.sequence = next;
    ring.set(next++, proposal);
    return true;
  }

  /** The leader changed, or seems not to have got them: all that is unsettled goes out again. */
  void handAgain() {
    advance();
    cursor = mark;
  }

  /** The oldest that were handed to a leader, about that many bytes; each counts as a copy more. */
  List<Proposal> oldest(int bytesMax) {
    advance();
    List<Proposal> oldest = new ArrayList<>();
    int bytes = 0;
    for (long sequence = mark; sequence < cursor && bytes < bytesMax; sequence++) {
      Proposal proposal = again(sequence);
      if (proposal != null) {
        oldest.add(proposal);
        bytes += Batch.sizeOf(proposal);
      }
    }
    return oldest;
  }

  /** One that was handed to a leader, as a copy more; null if it is settled. */
  @Nullable Proposal again(long sequence) {
    Proposal proposal = at(sequence);
    if (proposal != null) {
      proposal.copies++;
      proposal.mark = mark;
    }
    return proposal;
  }

  /** The lowest sequence that is not settled. */
  long mark() {
    advance();
    return mark;
  }

  private void advance() {
    while (mark < next && ring.get(mark) == null) {
      mark++;
    }
    cursor = Math.max(cursor, mark);
  }

  /** Whether the command under way is of this session. Apply thread. */
  boolean owns(Batch.Reader command) {
    SessionId own = session;
    return own != null && command.isOf(own);
  }

  /**
   * The outcome of a command of this session is known. Apply thread.
   *
   * @return the command, not settled, if the group has forgotten the session; null otherwise
   */
  @Nullable Proposal settle(long sequence, Outcome outcome) {
    Proposal proposal = at(sequence);
    if (proposal == null || !ring.remove(sequence, proposal)) {
      return null;
    }
    if (outcome.code() == Code.EXPIRED) {
      return proposal;
    }
    admission.release(proposal.length());
    outcome.settle(proposal);
    return null;
  }

  /** Whether more than one copy of the command was sent. */
  boolean isRepeated(long sequence) {
    Proposal proposal = at(sequence);
    return proposal != null && proposal.copies > 1;
  }

  /**
   * The group has forgotten the session: the next command gets a new one, once the window is empty.
   * This one goes out again if no other copy of it can have been applied.
   *
   * @return whether it does; if not it is taken out, and its outcome is unknown
   */
  boolean sessionExpired(Proposal refused) {
    sessionExpired = true;
    if (refused.copies == 1) {
      refused.copies = 0;
      unnamed.addFirst(refused);
      return true;
    }
    admission.release(refused.length());
    return false;
  }

  /** The next command gets no new session after all. */
  void keepSession() {
    sessionExpired = false;
  }

  private @Nullable Proposal at(long sequence) {
    Proposal proposal = ring.get(sequence);
    return proposal == null || proposal.sequence != sequence ? null : proposal;
  }

  /** Takes out the oldest command if its deadline has passed; null otherwise. */
  @Nullable Proposal overdue(long now) {
    advance();
    Proposal named = mark < next ? ring.get(mark) : null;
    Proposal oldest = named != null && now - named.deadline >= 0 ? named : unnamed.peek();
    return oldest == null || now - oldest.deadline < 0 ? null : remove(oldest);
  }

  /** Takes out any command; null if none is left. For the end. */
  @Nullable Proposal any() {
    while (!isEmpty()) {
      Proposal oldest = mark < next ? ring.get(mark) : unnamed.peek();
      Proposal removed = oldest == null ? null : remove(oldest);
      if (removed != null) {
        return removed;
      }
    }
    return null;
  }

  /** Null if the apply thread was faster. */
  private @Nullable Proposal remove(Proposal proposal) {
    boolean removed =
        proposal == unnamed.peek()
            ? unnamed.remove() == proposal
            : ring.remove(proposal.sequence, proposal);
    if (!removed) {
      return null;
    }
    admission.release(proposal.length());
    return proposal;
  }
}
