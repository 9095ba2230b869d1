package io.quorate.examples;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The arrows between the modules (DESIGN §1): all point at core, none sideways. */
class HouseTest {
  private static final JavaClasses HOUSE =
      new ClassFileImporter()
          .withImportOption(new ImportOption.DoNotIncludeTests())
          .importPackages("io.quorate");

  @ParameterizedTest
  @ValueSource(strings = {"raft", "paxos", "storage", "transport", "testkit", "ring"})
  void everyModuleIsSeenByThisTest(String module) {
    assertTrue(HOUSE.stream().anyMatch(type -> type.getName().startsWith("io.quorate." + module)));
  }

  @Test
  void coreKnowsNoneOfItsSiblings() {
    noClasses()
        .that()
        .resideInAnyPackage("io.quorate", "io.quorate.spi..", "io.quorate.runtime..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(
            "io.quorate.raft..",
            "io.quorate.paxos..",
            "io.quorate.storage..",
            "io.quorate.transport..",
            "io.quorate.testkit..",
            "io.quorate.ring..",
            "io.quorate.examples..")
        .check(HOUSE);
  }

  @ParameterizedTest
  @CsvSource({
    "raft,paxos", "raft,storage", "raft,transport", "raft,ring",
    "paxos,raft", "paxos,storage", "paxos,transport", "paxos,ring",
    "storage,transport", "storage,raft", "storage,paxos", "storage,ring",
    "transport,storage", "transport,raft", "transport,paxos", "transport,ring",
    "ring,raft", "ring,paxos", "ring,storage", "ring,transport"
  })
  void noArrowPointsSideways(String from, String to) {
    noClasses()
        .that()
        .resideInAPackage("io.quorate." + from + "..")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("io.quorate." + to + "..")
        .allowEmptyShould(true)
        .check(HOUSE);
  }

  @Test
  void theRingStandsAlone() {
    noClasses()
        .that()
        .resideInAPackage("io.quorate.ring..")
        .should()
        .dependOnClassesThat()
        .resideOutsideOfPackages(
            "io.quorate.ring..", "java..", "org.jspecify..", "com.dynatrace.hash4j..")
        .check(HOUSE);
  }

  @ParameterizedTest
  @ValueSource(strings = {"raft", "paxos", "storage", "transport", "ring", "examples"})
  void nothingThatIsPublishedOrRunUsesTheTestkit(String module) {
    noClasses()
        .that()
        .resideInAPackage("io.quorate." + module + "..")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("io.quorate.testkit..")
        .allowEmptyShould(true)
        .check(HOUSE);
  }

  @ParameterizedTest
  @ValueSource(strings = {"raft", "paxos", "storage", "transport", "ring", "examples"})
  void onlyTheTestkitLooksIntoTheRuntime(String module) {
    noClasses()
        .that()
        .resideInAPackage("io.quorate." + module + "..")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("io.quorate.runtime..")
        .allowEmptyShould(true)
        .check(HOUSE);
  }

  @Test
  void theTestkitUsesCoreAndStorageOnly() {
    noClasses()
        .that()
        .resideInAPackage("io.quorate.testkit..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(
            "io.quorate.raft..",
            "io.quorate.paxos..",
            "io.quorate.transport..",
            "io.quorate.examples..")
        .check(HOUSE);
  }

  @Test
  void theModulesAreFreeOfCycles() {
    slices().matching("io.quorate.(*)..").should().beFreeOfCycles().check(HOUSE);
  }
}
