package io.quorate;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.Collection;
import java.util.List;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/**
 * What a user, and who plugs something in, can see. Few types are a feature: a new name here needs
 * a reason in the change that adds it.
 */
class PublicTypesTest {
  @Test
  void theFrontDoorHasTheseTypes() {
    assertPublic(
        "io.quorate",
        List.of(
            "Client",
            "Cluster",
            "Command",
            "CommandRejectedException",
            "NotLeaderException",
            "OutcomeUnknownException",
            "OverloadedException",
            "QuorateException",
            "ReadMode",
            "Replica",
            "Reply",
            "ReplyNotKeptException",
            "SessionExpiredException",
            "StateMachine",
            "Status"));
  }

  @Test
  void theSpiHasTheseTypes() {
    assertPublic(
        "io.quorate.spi",
        List.of(
            "Check",
            "Configuration",
            "DiskFullException",
            "Effects",
            "Engine",
            "Entry",
            "Formation",
            "Lead",
            "Log",
            "LogStore",
            "LogView",
            "Loop",
            "Member",
            "Payload",
            "Protocol",
            "Quorum",
            "ReadRequests",
            "ReadRounds",
            "Snapshots",
            "Stamp",
            "StorageException",
            "Timing",
            "Transport"));
  }

  private static void assertPublic(String name, Collection<String> expected) {
    TreeSet<String> found = new TreeSet<>();
    for (JavaClass type :
        new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages(name)) {
      if (type.getPackageName().equals(name)
          && type.isTopLevelClass()
          && type.getModifiers().contains(JavaModifier.PUBLIC)
          && !type.getSimpleName().equals("package-info")) {
        found.add(type.getSimpleName());
      }
    }
    assertEquals(new TreeSet<>(expected), found);
  }
}
