package io.quorate.paxos;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** STYLE: an engine is pure. */
class PurityTest {
  private static final JavaClasses ENGINE =
      new ClassFileImporter()
          .withImportOption(new ImportOption.DoNotIncludeTests())
          .importPackages("io.quorate.paxos");

  @Test
  @DisplayName("E16: no I/O, no thread, no lock, no logger")
  void noSideways() {
    check(
        noClasses()
            .that()
            .resideInAPackage("io.quorate.paxos")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(
                "java.io..",
                "java.nio.channels..",
                "java.nio.file..",
                "java.util.concurrent..",
                "org.slf4j..",
                "io.netty..",
                "io.quorate",
                "io.quorate.runtime.."));
  }

  @Test
  @DisplayName("protobuf is the codec's business alone")
  void protobuf() {
    check(
        noClasses()
            .that()
            .resideInAPackage("io.quorate.paxos")
            .and()
            .haveNameNotMatching(".*PaxosCodec.*")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("com.google.protobuf..", "io.quorate.paxos.wire.."));
  }

  @Test
  @DisplayName("no clock and no chance of its own, no order by hash")
  void deterministic() {
    check(
        noClasses()
            .that()
            .resideInAPackage("io.quorate.paxos")
            .should()
            .dependOnClassesThat()
            .haveFullyQualifiedName("java.util.HashMap")
            .orShould()
            .dependOnClassesThat()
            .haveFullyQualifiedName("java.util.HashSet")
            .orShould()
            .dependOnClassesThat()
            .haveFullyQualifiedName("java.util.Set")
            .orShould()
            .dependOnClassesThat()
            .haveFullyQualifiedName("java.util.Random")
            .orShould()
            .callMethod(System.class, "nanoTime")
            .orShould()
            .callMethod(System.class, "currentTimeMillis")
            .orShould()
            .callMethod(Math.class, "random"));
  }

  @Test
  @DisplayName("MultiPaxos is the one public type")
  void onePublicType() {
    check(
        classes()
            .that()
            .resideInAPackage("io.quorate.paxos")
            .and()
            .areTopLevelClasses()
            .and()
            .arePublic()
            .should()
            .haveSimpleName("MultiPaxos"));
  }

  private static void check(ArchRule rule) {
    rule.check(ENGINE);
  }
}
