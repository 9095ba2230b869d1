package io.quorate.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaMethod;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import io.quorate.ReadMode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** docs/reference.md names whatever can be set, promised or thrown. */
class ReferencePageTest {
  private static final Set<String> API =
      Set.of(
          "io.quorate",
          "io.quorate.raft",
          "io.quorate.paxos",
          "io.quorate.storage",
          "io.quorate.transport");
  private static final String SPI = "io.quorate.spi";

  private static Stream<JavaClass> published(Predicate<String> packages) {
    return new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages("io.quorate")
            .stream()
            .filter(type -> packages.test(type.getPackageName()))
            .filter(type -> type.getModifiers().contains(JavaModifier.PUBLIC));
  }

  private static String page() throws IOException {
    return Files.readString(Path.of("../docs/reference.md"));
  }

  @Test
  void eachExceptionIsOnThePage() throws IOException {
    String page = page();
    List<String> names =
        published(name -> API.contains(name) || name.equals(SPI))
            .filter(type -> type.isAssignableTo(Throwable.class))
            .map(JavaClass::getSimpleName)
            .toList();
    assertTrue(names.contains("TooStaleException") && names.contains("DiskFullException"));
    assertEquals(
        List.of(), names.stream().filter(name -> !page.contains("`" + name + "`")).toList());
  }

  /** An option is a method that gives the same description, changed. */
  @Test
  void eachOptionIsOnThePage() throws IOException {
    String page = page();
    List<String> options =
        published(API::contains)
            .flatMap(type -> type.getMethods().stream())
            .filter(ReferencePageTest::isOption)
            .map(JavaMethod::getName)
            .distinct()
            .toList();
    assertTrue(options.containsAll(List.of("listen", "heartbeat", "segmentBytes", "loops")));
    assertEquals(
        List.of(), options.stream().filter(name -> !page.contains("`" + name + "(")).toList());
  }

  private static boolean isOption(JavaMethod method) {
    return method.getModifiers().contains(JavaModifier.PUBLIC)
        && !method.getModifiers().contains(JavaModifier.STATIC)
        && method.getRawReturnType().equals(method.getOwner());
  }

  @Test
  void eachModeOfReadingIsOnThePage() throws IOException {
    String page = page();
    assertEquals(
        List.of(),
        Arrays.stream(ReadMode.values())
            .filter(mode -> !page.contains("`ReadMode." + mode + "`"))
            .toList());
    assertTrue(page.contains("`queryStale("));
  }
}
