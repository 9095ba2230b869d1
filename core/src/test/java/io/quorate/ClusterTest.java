package io.quorate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ClusterTest {
  @Test
  void membersAreReadInWhateverOrderAndShownAscending() {
    Cluster cluster = Cluster.parse(" 3=c:7003, 1=a:7001 ,2=[::1]:7002");
    assertEquals(List.of(1, 2, 3), List.copyOf(cluster.members()));
    assertEquals("[::1]:7002", cluster.address(2));
    assertEquals("1=a:7001,2=[::1]:7002,3=c:7003", cluster.toString());
    assertEquals(cluster, Cluster.parse(cluster.toString()));
    assertEquals(cluster, Cluster.of(Map.of(1, "a:7001", 2, "[::1]:7002", 3, "c:7003")));
    assertEquals(cluster.hashCode(), Cluster.parse(cluster.toString()).hashCode());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "''              | has no member id",
        "a:1             | has no member id",
        "=a:1            | has no member id",
        "x=a:1           | has no member id",
        "1=a:1,          | has no member id",
        "1=a:1,,2=b:2    | has no member id",
        "1234567890=a:1  | has no member id",
        "0=a:1           | has no member id above 0",
        "1=a             | has no port",
        "1=a:            | has no port",
        "1=:7001         | has no port",
        "1=a:http        | has no port",
        "1=a:0           | has a port outside 1 to 65535",
        "1=a:65536       | has a port outside 1 to 65535",
        "1=a b:1         | has a blank, a comma or an equals sign in its host",
        "1= a:1          | has a blank, a comma or an equals sign in its host",
        "1=2=a:1         | has a blank, a comma or an equals sign in its host",
        "'1=a:1,2=a:1'   | repeats the address of another member",
        "'1=a:1,1=b:1'   | repeats member id 1",
      })
  void badInputGetsOneSentenceWithTheRemedy(String text, String why) {
    String message =
        String.valueOf(
            assertThrows(IllegalArgumentException.class, () -> Cluster.parse(text)).getMessage());
    assertTrue(message.contains(why), message);
    assertTrue(message.endsWith("; write ID=HOST:PORT, like 1=localhost:7001"), message);
    assertTrue(message.startsWith("cluster member \""), message);
  }

  @Test
  void aClusterHasOneToThirtyOneMembers() {
    assertThrows(IllegalArgumentException.class, () -> Cluster.of(Map.of()));
    assertEquals(31, Cluster.parse(members(31)).members().size());
    String message =
        String.valueOf(
            assertThrows(IllegalArgumentException.class, () -> Cluster.parse(members(32)))
                .getMessage());
    assertEquals("a cluster has 1 to 31 members, not 32", message);
  }

  @Test
  void anUnknownMemberIsNamedWithThoseThatAre() {
    Cluster cluster = Cluster.parse(members(2));
    Throwable no = assertThrows(IllegalArgumentException.class, () -> cluster.address(9));
    assertEquals("the cluster has no member 9; its members are [1, 2]", no.getMessage());
  }

  private static String members(int count) {
    return IntStream.rangeClosed(1, count)
        .mapToObj(id -> id + "=h:" + id)
        .collect(Collectors.joining(","));
  }
}
