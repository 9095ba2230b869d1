package io.quorate.examples;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.syntax.elements.GivenClassesConjunction;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** STYLE: an engine is pure. It stands here, and not with each engine, so that it stands once. */
class PurityTest {
  private static final JavaClasses HOUSE =
      new ClassFileImporter()
          .withImportOption(new ImportOption.DoNotIncludeTests())
          .importPackages("io.quorate");

  private static GivenClassesConjunction noneOf(String engine) {
    return noClasses().that().resideInAPackage("io.quorate." + engine);
  }

  @ParameterizedTest
  @ValueSource(strings = {"raft", "paxos"})
  @DisplayName("E16: no I/O, no thread, no lock, no logger")
  void noSideways(String engine) {
    noneOf(engine)
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
            "io.quorate.runtime..")
        .check(HOUSE);
  }

  @ParameterizedTest
  @CsvSource({"raft,RaftCodec", "paxos,PaxosCodec"})
  @DisplayName("protobuf is the codec's business alone")
  void protobuf(String engine, String codec) {
    noneOf(engine)
        .and()
        .haveNameNotMatching(".*" + codec + ".*")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("com.google.protobuf..", "io.quorate." + engine + ".wire..")
        .check(HOUSE);
  }

  @ParameterizedTest
  @ValueSource(strings = {"raft", "paxos"})
  @DisplayName("no clock and no chance of its own, no order by hash")
  void deterministic(String engine) {
    noneOf(engine)
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
        .callMethod(Math.class, "random")
        .check(HOUSE);
  }

  @ParameterizedTest
  @CsvSource({"raft,Raft", "paxos,MultiPaxos"})
  @DisplayName("the protocol is the one public type")
  void onePublicType(String engine, String protocol) {
    classes()
        .that()
        .resideInAPackage("io.quorate." + engine)
        .and()
        .areTopLevelClasses()
        .and()
        .arePublic()
        .should()
        .haveSimpleName(protocol)
        .check(HOUSE);
  }
}
