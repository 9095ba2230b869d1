package io.quorate.examples.hello;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.quorate.examples.Programs;
import io.quorate.examples.Programs.Running;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Three terminals, as the README says. Uses ports 7001 to 7003, like the program. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class HelloQuorateIT {
  @TempDir Path directory;

  @Test
  void threeTerminalsCountTogetherAndSurviveALineThatIsNoNumber() throws Exception {
    try (Programs programs = new Programs(directory)) {
      Running one = programs.start(HelloQuorate.class, "1");
      Running two = programs.start(HelloQuorate.class, "2");
      Running three = programs.start(HelloQuorate.class, "3");
      one.type("40");
      assertEquals("total = 40", one.read());
      two.type("x");
      assertEquals("not a number: x", two.read());
      two.type("2");
      assertEquals("total = 42", two.read());
      three.type("-42");
      assertEquals("total = 0", three.read());
      for (Running running : List.of(one, two, three)) {
        assertEquals(0, running.end().code());
      }
    }
  }
}
