package io.quorate;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.junit.jupiter.api.Assertions.assertEquals;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.io.IOException;
import java.io.InputStream;
import java.lang.module.ModuleDescriptor;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** Core's part of the house rules; those across modules stand in examples' HouseTest. */
class ArchitectureTest {
  private static final JavaClasses CORE =
      new ClassFileImporter()
          .withImportOption(new ImportOption.DoNotIncludeTests())
          .importPackages("io.quorate");

  @Test
  void theSpiUsesTheJdkOnly() {
    classes()
        .that()
        .resideInAPackage("io.quorate.spi")
        .should()
        .onlyDependOnClassesThat()
        .resideInAnyPackage("io.quorate.spi", "java..", "org.jspecify.annotations")
        .check(CORE);
  }

  @Test
  void theFrontDoorKnowsTheSpiOnlyWhereThingsArePluggedIn() {
    noClasses()
        .that()
        .resideInAPackage("io.quorate")
        .and()
        .doNotHaveFullyQualifiedName(Replica.Builder.class.getName())
        .and()
        .doNotHaveFullyQualifiedName(Client.class.getName())
        .and()
        .doNotHaveFullyQualifiedName(Backup.class.getName())
        .should()
        .dependOnClassesThat()
        .resideInAPackage("io.quorate.spi")
        .check(CORE);
  }

  @Test
  void theFrontDoorOpensTheRuntimeInThreePlacesOnly() {
    noClasses()
        .that()
        .resideInAPackage("io.quorate")
        .and()
        .doNotHaveFullyQualifiedName(Replica.Builder.class.getName())
        .and()
        .doNotHaveFullyQualifiedName(Client.class.getName())
        .and()
        .doNotHaveFullyQualifiedName(Backup.class.getName())
        .should()
        .dependOnClassesThat()
        .resideInAPackage("io.quorate.runtime")
        .check(CORE);
  }

  @Test
  void nothingInCoreOpensFilesOrSockets() {
    noClasses()
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("java.nio.file..", "java.nio.channels..", "java.net..")
        .check(CORE);
  }

  @Test
  void nobodyReadsAClockOrTheDefaultRandomnessOfTheProcess() {
    noClasses()
        .should()
        .callMethod(System.class, "currentTimeMillis")
        .orShould()
        .callMethod(System.class, "nanoTime")
        .orShould()
        .callMethod(Math.class, "random")
        .orShould()
        .dependOnClassesThat()
        .haveFullyQualifiedName("java.util.concurrent.ThreadLocalRandom")
        .check(CORE);
  }

  @Test
  void theRuntimeIsExportedToNobodyButTheTestkit() throws IOException {
    ModuleDescriptor module;
    try (InputStream in = Files.newInputStream(Path.of("target/classes/module-info.class"))) {
      module = ModuleDescriptor.read(in);
    }
    Set<String> exports =
        module.exports().stream()
            .map(export -> export.source() + (export.isQualified() ? " " + export.targets() : ""))
            .collect(Collectors.toSet());
    assertEquals(
        Set.of("io.quorate", "io.quorate.spi", "io.quorate.runtime [io.quorate.testkit]"), exports);
    assertEquals(Set.of(), module.opens());
    assertEquals(
        Set.of("java.base", "org.slf4j", "org.jspecify"),
        module.requires().stream().map(r -> r.name()).collect(Collectors.toSet()));
  }
}
