package io.quorate.examples.quickstart;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;

class CountriesTest {
  /** Names differ a little from JDK to JDK, so only the codes are compared. */
  @Test
  void theFileHasTheCountriesThatThisJdkKnows() throws IOException {
    Input input = Input.countries(Path.of("data", "countries.csv"));
    List<String> codes = input.lines().stream().map(Input.Line::key).toList();
    assertEquals(249, codes.size());
    assertEquals(Arrays.stream(Locale.getISOCountries()).sorted().toList(), codes);
    for (Input.Line line : input.lines()) {
      assertFalse(line.value().isBlank(), line.key());
    }
  }
}
