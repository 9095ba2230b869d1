package io.quorate.testkit.invariants;

import io.quorate.Command;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;

/**
 * What callers may rely on, judged from outside: hands each fact about commands to the rules that
 * it concerns, and keeps the {@link History}.
 */
public final class Ledger {
  private final Verdict verdict;
  private final History history = new History();
  private final AppliedInOrder inOrder;
  private final AppliedAfterCommit afterCommit;
  private final ClusterTime time;
  private final SameCommands same;
  private final AppliedOnce once;
  private final AcknowledgedIsTrue acknowledged;
  private final Linearizable linearizable;
  private final NoHalt noHalt;
  private final RaisedIndex raised;
  private final Function<byte[], String> words;
  private final TreeMap<Long, Long> seenSince = new TreeMap<>();
  private long acknowledgements;

  /** With how commands are said in words; equal words mean equal commands. */
  public Ledger(Verdict verdict, Laws laws, Function<byte[], String> words) {
    this.verdict = verdict;
    this.words = words;
    inOrder = new AppliedInOrder(verdict, laws.group());
    afterCommit = new AppliedAfterCommit(verdict, laws.group());
    time = new ClusterTime(verdict, history);
    same = new SameCommands(verdict, words);
    once = new AppliedOnce(verdict);
    acknowledged = new AcknowledgedIsTrue(verdict, history);
    linearizable = new Linearizable(verdict);
    noHalt = new NoHalt(verdict);
    raised = new RaisedIndex(verdict);
  }

  History history() {
    return history;
  }

  /**
   * The cluster is restored from a backup of another one.
   *
   * @param index of the last command that is in the backup
   */
  public void begins(Ledger other, long index) {
    long commands = other.count(index);
    for (long at = 1; at <= commands; at++) {
      history.add(other.history.at(at));
    }
    raised.begins(commands, index);
    linearizable.read(0, 0, commands);
  }

  /** How many commands there are up to one with that index; all rules count like that. */
  public long count(long index) {
    return raised.count(index);
  }

  /** The highest command index that some caller has seen: what begins now comes after it. */
  public long seen() {
    return linearizable.seen();
  }

  public long acknowledgements() {
    return acknowledgements;
  }

  public void proposed(String text) {
    once.proposed(text);
  }

  /** A replica's life begins; counts its commands. */
  public CommandIndex life(int member) {
    return new CommandIndex(verdict, member);
  }

  /**
   * A replica has applied a command; replays after a restart come here as well.
   *
   * @return the command as text
   */
  public String applied(int member, CommandIndex life, Command command, Answer answer) {
    long index = raised.applied(command.index());
    life.applied(index);
    if (index == history.size() + 1) {
      History.Applied first = History.Applied.of(index, command, answer, words);
      time.applied(member, first);
      history.add(first);
      inOrder.applied(member, first);
      once.applied(first.text());
    }
    if (!history.has(index)) {
      return ""; // IC6 is broken.
    }
    History.Applied first = history.at(index);
    same.applied(member, command, first);
    afterCommit.applied(member, first);
    return first.text();
  }

  /**
   * A replica has restored a state that is made of so many commands.
   *
   * @return these, as text
   */
  public List<String> restored(CommandIndex life, long commandIndex) {
    long index = raised.state(commandIndex);
    if (index > 0 && !history.has(index)) {
      verdict.breaks("IC24 RestoredIsCommitted", "a state has command " + index + ", no replica");
      return List.of();
    }
    life.restored(index);
    List<String> texts = new ArrayList<>();
    for (long at = 1; at <= index; at++) {
      texts.add(history.at(at).text());
    }
    return texts;
  }

  /** A caller has its reply; {@code floor} is what {@link #seen} was when it asked. */
  public void acknowledged(String text, long floor, long commandIndex, byte[] reply) {
    long index = raised.applied(commandIndex);
    acknowledgements++;
    acknowledged.acknowledged(text, index, reply);
    linearizable.acknowledged(text, floor, index);
  }

  /** A caller has been told that the command is certainly not applied. */
  public void refused(String text) {
    once.refused(text);
  }

  /** A call has ended in what is no answer to it: neither a reply nor a failure of the API. */
  public void strange(int member, Object what) {
    verdict.breaks("IC16 AcknowledgedIsTrue", "a call at " + member + " has ended in " + what);
  }

  /** Notes what {@link #seen} is now; virtual time. */
  public void passes(long nanos) {
    Map.Entry<Long, Long> last = seenSince.lastEntry();
    if (last == null || last.getValue() < seen()) {
      seenSince.put(nanos, seen());
    }
  }

  /** What {@link #seen} was at that time. */
  public long seenAt(long nanos) {
    Map.Entry<Long, Long> then = seenSince.floorEntry(nanos);
    return then == null ? 0 : then.getValue();
  }

  /** A linearizable read was answered from the state behind that command. */
  public void read(int member, long floor, long commandIndex) {
    linearizable.read(member, floor, raised.state(commandIndex));
  }

  /** A replica has stopped by itself. */
  public void halts(int member, boolean mayFail, Object cause) {
    noHalt.halts(member, mayFail, cause);
  }
}
