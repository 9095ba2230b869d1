package io.quorate.examples.quorate;

import io.quorate.Client;
import io.quorate.Status;
import io.quorate.examples.cli.Program;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code quorate members}. */
@Command(
    name = "members",
    sortOptions = false,
    description = "Lists the members of the group, as the leader has them.")
final class MembersCommand implements Callable<Integer> {
  @Mixin private ClusterOptions cluster;
  @Mixin private Output output;

  @Override
  public Integer call() {
    List<Status.Member> members;
    try (Client client = cluster.connect()) {
      members = client.admin().members().join();
    }
    output.print(members, () -> text(members));
    return Program.FINE;
  }

  private static String text(List<Status.Member> members) {
    List<List<String>> rows = new ArrayList<>();
    rows.add(List.of("MEMBER", "ADDRESS", "INCARNATION", "CONNECTED"));
    for (Status.Member each : members) {
      rows.add(
          List.of(
              "" + each.id(),
              each.address(),
              each.incarnation().isEmpty() ? "-" : each.incarnation(),
              each.connected() ? "yes" : "no"));
    }
    return Output.table(rows);
  }
}
