package io.quorate.examples.quorate;

import io.quorate.Client;
import io.quorate.QuorateException;
import io.quorate.Status;
import io.quorate.examples.cli.Program;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code quorate status}. */
@Command(
    name = "status",
    sortOptions = false,
    description =
        "Says how each member sees itself and the group, and what hinders it. Exits with 0 if all"
            + " that were asked answered and none has halted, else with 1.")
final class StatusCommand implements Callable<Integer> {
  private static final List<String> HEADINGS =
      List.of(
          "MEMBER",
          "ROLE",
          "LEADER",
          "STAMP",
          "LAST",
          "DURABLE",
          "COMMITTED",
          "APPLIED",
          "COMMANDS",
          "SESSIONS",
          "WAITING");

  @Mixin private ClusterOptions cluster;
  @Mixin private Output output;

  @Option(names = "--member", paramLabel = "N", description = "Asks that one only.")
  private @Nullable Integer member;

  /** One member's answer, or why there is none. */
  private record Answer(int member, @Nullable Status status, @Nullable String error) {
    boolean isFine() {
      return status != null && !status.role().equals("halted");
    }
  }

  @Override
  public Integer call() {
    List<Answer> answers;
    try (Client client = cluster.connect()) {
      answers = ask(client, member == null ? cluster.cluster().members() : List.of(member));
    }
    output.print(answers, () -> text(answers));
    return answers.stream().allMatch(Answer::isFine) ? Program.FINE : Program.FAILED;
  }

  /** All at a time: one that does not answer costs the timeout once. */
  private static List<Answer> ask(Client client, Collection<Integer> members) {
    Map<Integer, CompletableFuture<Status>> asked = new TreeMap<>();
    for (int each : members) {
      asked.put(each, client.admin().status(each));
    }
    List<Answer> answers = new ArrayList<>();
    asked.forEach((each, answer) -> answers.add(answer(each, answer)));
    return answers;
  }

  private static Answer answer(int member, CompletableFuture<Status> asked) {
    try {
      return new Answer(member, asked.join(), null);
    } catch (CompletionException e) {
      if (e.getCause() instanceof QuorateException no) {
        return new Answer(member, null, no.getMessage());
      }
      throw e;
    }
  }

  private static String text(List<Answer> answers) {
    List<List<String>> rows = new ArrayList<>();
    rows.add(HEADINGS);
    StringBuilder below = new StringBuilder();
    for (Answer each : answers) {
      Status status = each.status;
      if (status == null) {
        below.append("member ").append(each.member).append(" does not answer: ");
        below.append(each.error).append('\n');
      } else {
        rows.add(row(status));
        for (String finding : status.findings()) {
          below.append("member ").append(each.member).append(": ").append(finding).append('\n');
        }
      }
    }
    return (rows.size() == 1 ? "" : Output.table(rows)) + below;
  }

  private static List<String> row(Status status) {
    return List.of(
        "" + status.member(),
        status.role(),
        status.leader() == 0 ? "-" : "" + status.leader(),
        status.stamp(),
        "" + status.lastEntry(),
        "" + status.durableEntry(),
        "" + status.committedEntry(),
        "" + status.appliedEntry(),
        "" + status.commandIndex(),
        "" + status.sessions(),
        "" + status.waiting());
  }
}
