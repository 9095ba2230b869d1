package io.quorate.runtime;

import io.quorate.runtime.Calls.Proposal;
import io.quorate.runtime.Calls.Retry;
import io.quorate.runtime.Calls.Unresolved;
import io.quorate.runtime.Outcome.Code;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The commands of one session that are not settled, by sequence.
 *
 * <p>Whoever applies an entry of a replica's session at that replica settles the command, whichever
 * way it took to the log; so no reply ever travels back. When the leader changes, the cursor goes
 * back to the low-water mark and everything unsettled is handed to the new leader under the same
 * sequences.
 *
 * <p>Loop only, but for {@link #owns} and {@link #settle} (apply thread).
 */
/* A command that timed out may still be asked for: its sequence stays in its place as Unresolved, so
 * that the low-water mark does not pass it, and who retries takes the place over. That is bounded in
 * three ways: by count and bytes, and by half of the window, so that the other half is always there
 * for what is new. Beyond, the oldest is given up: the mark passes it, and the group refuses it.
 */
final class Proposals {
  private final Ring<Proposal> ring = new Ring<>(Batch.WINDOW);
  private final ArrayDeque<Proposal> unnamed = new ArrayDeque<>();
  private final Supplier<@Nullable SessionId> naming;
  private final Admission admission;
  private final Executor settling;
  private volatile @Nullable SessionId session;
  private boolean sessionExpired;

  // mark ≤ cursor ≤ next: below mark all is settled, below cursor all was handed to the leader.
  // mark ≤ front ≤ next: below front nobody waits for anything.
  private long mark = 1;
  private long front = 1;
  private long cursor = 1;
  private long next = 1;

  private final ArrayDeque<Retry> retries = new ArrayDeque<>();
  private @Nullable Proposal peeked;
  private final Leftovers leftovers = new Leftovers(ring);

  // No deadline is earlier, if there is any.
  private boolean hasDeadline;
  private long earliest;

  /**
   * Without commands.
   *
   * @param naming draws a session, or null while none can be named: then the commands wait
   * @param admission what a settled command gives back to
   * @param settling where a retry completes whose outcome is known already
   */
  Proposals(Supplier<@Nullable SessionId> naming, Admission admission, Executor settling) {
    this.naming = naming;
    this.admission = admission;
    this.settling = settling;
  }

  /** A new command, or one that a caller asks for again. */
  void add(Proposal proposal) {
    expect(proposal.deadline);
    if (proposal instanceof Retry retry) {
      retry(retry);
    } else {
      unnamed.add(proposal);
    }
  }

  /** Whether nobody waits for anything. */
  boolean isEmpty() {
    advance();
    return front == next && unnamed.isEmpty();
  }

  /** The next command to hand to the leader, without taking it; null if there is none. */
  @Nullable Proposal peek() {
    peeked = next();
    return peeked;
  }

  private @Nullable Proposal next() {
    for (Retry retry = retries.peek(); retry != null; retry = retries.peek()) {
      if (at(retry.sequence) == retry) {
        return retry;
      }
      retries.remove();
    }
    while (cursor != next || name()) {
      Proposal proposal = ring.get(cursor);
      if (proposal != null && !(proposal instanceof Unresolved)) {
        return proposal;
      }
      cursor++;
    }
    return null;
  }

  /**
   * Takes the command that {@link #peek} has just returned; that very one, though the apply thread
   * may have settled it meanwhile: a copy more does no harm.
   */
  Proposal take() {
    Proposal proposal = peeked;
    if (proposal == null) {
      throw new IllegalStateException("no proposal waits");
    }
    peeked = null;
    if (proposal == retries.peek()) {
      retries.remove();
    } else {
      cursor++;
    }
    proposal.copies++;
    proposal.mark = mark;
    return proposal;
  }

  /** Gives the oldest unnamed command its number, if the session's window has room. */
  private boolean name() {
    advance();
    Proposal proposal = unnamed.peek();
    if (proposal == null) {
      return false;
    }
    makeRoom();
    if (next - mark >= Batch.WINDOW) {
      return false;
    }
    SessionId named = session;
    if (named == null || sessionExpired) {
      leftovers.giveUpAll();
      advance();
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
    retries.clear();
  }

  /** The oldest that were handed to a leader, about that many bytes; each counts as a copy more. */
  List<Proposal> oldest(int bytesMax) {
    advance();
    List<Proposal> oldest = new ArrayList<>();
    int bytes = 0;
    for (long sequence = front; sequence < cursor && bytes < bytesMax; sequence++) {
      Proposal proposal = again(sequence);
      if (proposal != null) {
        oldest.add(proposal);
        bytes += Batch.sizeOf(proposal);
      }
    }
    return oldest;
  }

  /** One that was handed to a leader, as a copy more; null if nobody waits for it. */
  @Nullable Proposal again(long sequence) {
    Proposal proposal = at(sequence);
    if (proposal == null || proposal instanceof Unresolved) {
      return null;
    }
    proposal.copies++;
    proposal.mark = mark;
    return proposal;
  }

  /** The lowest sequence that is not settled, nor given up. */
  long mark() {
    advance();
    return mark;
  }

  /** The lowest sequence that somebody waits for. */
  long front() {
    advance();
    return front;
  }

  private void advance() {
    while (mark < next && ring.get(mark) == null) {
      mark++;
    }
    cursor = Math.max(cursor, mark);
    front = Math.max(front, mark);
    while (front < next && !isWanted(front)) {
      front++;
    }
  }

  private boolean isWanted(long sequence) {
    Proposal proposal = ring.get(sequence);
    return proposal != null && !(proposal instanceof Unresolved);
  }

  /** Whether the command under way is of this session. Apply thread. */
  boolean owns(Batch.Reader command) {
    SessionId own = session;
    return own != null && command.isOf(own);
  }

  /** The session, once it is named. */
  @Nullable SessionId session() {
    return session;
  }

  // What becomes of them

  /**
   * The outcome of a command of this session is known. Apply thread.
   *
   * @return the command, not settled, if the group has forgotten the session; null otherwise
   */
  @Nullable Proposal settle(long sequence, Outcome outcome) {
    Proposal proposal = at(sequence);
    while (proposal != null && !ring.remove(sequence, proposal)) {
      proposal = at(sequence); // The loop has put something else there.
    }
    if (proposal == null) {
      return null;
    }
    if (proposal instanceof Unresolved) {
      if (outcome.code() == Code.EXPIRED) {
        proposal.fail(Sentences.sessionExpired());
      } else {
        outcome.settle(proposal);
      }
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
   * The leader did not take a copy of the command.
   *
   * @return the command, taken out, if it had no other copy: it is certainly not applied; null if
   *     it had, or is settled
   */
  @Nullable Proposal refused(SessionId of, long sequence) {
    Proposal proposal = at(sequence);
    return proposal == null
            || proposal instanceof Unresolved
            || proposal.copies > 1
            || !proposal.session.equals(of)
        ? null
        : remove(proposal);
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
      expect(refused.deadline);
      unnamed.addFirst(refused);
      return true;
    }
    admission.release(refused.length());
    return false;
  }

  /** The session has ended and gets no successor: nothing of it can be resolved any more. */
  void sessionLost() {
    sessionExpired = false;
    leftovers.giveUpAll();
  }

  private @Nullable Proposal at(long sequence) {
    Proposal proposal = ring.get(sequence);
    return proposal == null || proposal.sequence != sequence ? null : proposal;
  }

  // Deadlines

  private void expect(long deadline) {
    if (!hasDeadline || deadline - earliest < 0) {
      hasDeadline = true;
      earliest = deadline;
    }
  }

  /**
   * Takes out the commands whose deadline has passed. Looks at all that wait only when the earliest
   * deadline that any of them can have is over: with equal timeouts, about once in a timeout.
   */
  List<Proposal> overdue(long now) {
    if (!hasDeadline || now - earliest < 0) {
      return List.of();
    }
    advance();
    hasDeadline = false;
    List<Proposal> overdue = new ArrayList<>();
    for (long sequence = front; sequence < next; sequence++) {
      Proposal proposal = ring.get(sequence);
      if (proposal == null || proposal instanceof Unresolved) {
        continue;
      }
      if (now - proposal.deadline < 0) {
        expect(proposal.deadline);
      } else if (abandon(proposal)) {
        overdue.add(proposal);
      }
    }
    Iterator<Proposal> waiting = unnamed.iterator();
    while (waiting.hasNext()) {
      Proposal proposal = waiting.next();
      if (now - proposal.deadline < 0) {
        expect(proposal.deadline);
      } else {
        waiting.remove();
        admission.release(proposal.length());
        overdue.add(proposal);
      }
    }
    return overdue;
  }

  /** Nobody waits for it any more. False if the apply thread was faster. */
  private boolean abandon(Proposal proposal) {
    if (proposal.copies == 0) {
      return remove(proposal) != null;
    }
    Unresolved left = new Unresolved(proposal);
    if (!ring.replace(proposal.sequence, proposal, left)) {
      return false;
    }
    proposal.unresolved = left;
    admission.release(proposal.length());
    leftovers.add(left);
    return true;
  }

  // What nobody waits for, but may yet be asked for

  /** Half of the window is for what is new. */
  private void makeRoom() {
    while (next - mark >= Batch.WINDOW / 2 && ring.get(mark) instanceof Unresolved oldest) {
      leftovers.giveUp(oldest);
      advance();
    }
  }

  /** The retry takes the place over; or the place is empty, and what had it knows why. */
  private void retry(Retry retry) {
    if (ring.replace(retry.sequence, retry.of, retry)) {
      front = Math.min(front, retry.sequence);
      if (retry.sequence < cursor) {
        retries.add(retry);
      }
      follow(retry.of, retry);
    } else {
      admission.release(retry.length());
      follow(retry, retry.of);
    }
  }

  /** What becomes of one becomes of the other. */
  @SuppressWarnings("FutureReturnValueIgnored") // The other is told, and nobody else.
  private void follow(Proposal follower, Proposal first) {
    first.whenCompleteAsync(
        (reply, failure) -> {
          if (failure == null) {
            follower.complete(reply);
          } else {
            follower.fail(failure);
          }
        },
        settling);
  }

  /** Takes out any command; null if none is left. For the end. */
  @Nullable Proposal any() {
    leftovers.giveUpAll();
    while (!isEmpty()) {
      Proposal oldest = front < next ? ring.get(front) : unnamed.peek();
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
