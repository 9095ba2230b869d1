package io.quorate;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.io.IOException;
import java.lang.reflect.Constructor;
import java.lang.reflect.Field;
import java.lang.reflect.Member;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/**
 * Every public type and member of the API and the SPI, as a file that is reviewed as a diff. A
 * change on purpose is written there with
 *
 * <pre>
 *   mvn -o -q test -pl core -Dtest=PublicApiTest -Dquorate.api.write=true
 * </pre>
 */
class PublicApiTest {
  private static final Path PINNED = Path.of("src/test/resources/public-api.txt");

  @Test
  void publicTypesAndMembersAreThoseThatArePinned() throws IOException, ClassNotFoundException {
    String now = String.join("\n", describe()) + "\n";
    if (Boolean.getBoolean("quorate.api.write")) {
      Files.writeString(PINNED, now);
    }
    assertEquals(
        Files.readString(PINNED),
        now,
        "the public API has changed; if on purpose, run this test with -Dquorate.api.write=true");
  }

  private static List<String> describe() throws ClassNotFoundException {
    TreeMap<String, Class<?>> types = new TreeMap<>();
    for (JavaClass type :
        new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages("io.quorate")) {
      if (List.of("io.quorate", "io.quorate.spi").contains(type.getPackageName())) {
        types.put(type.getName(), Class.forName(type.getName()));
      }
    }
    List<String> lines = new ArrayList<>();
    for (Class<?> type : types.values()) {
      if (isVisible(type)) {
        lines.add(type.toGenericString());
        lines.addAll(members(type));
      }
    }
    return lines;
  }

  private static boolean isVisible(Class<?> type) {
    Class<?> outer = type.getDeclaringClass();
    return !type.isSynthetic()
        && !type.getSimpleName().equals("package-info")
        && isVisible(type.getModifiers())
        && (outer == null || isVisible(outer));
  }

  private static boolean isVisible(int modifiers) {
    return Modifier.isPublic(modifiers) || Modifier.isProtected(modifiers);
  }

  private static Set<String> members(Class<?> type) {
    Set<String> lines = new TreeSet<>();
    for (Field field : type.getDeclaredFields()) {
      add(lines, field, field.toGenericString());
    }
    for (Constructor<?> constructor : type.getDeclaredConstructors()) {
      add(lines, constructor, constructor.toGenericString());
    }
    for (Method method : type.getDeclaredMethods()) {
      add(lines, method, method.toGenericString());
    }
    return lines;
  }

  private static void add(Set<String> lines, Member member, String description) {
    if (isVisible(member.getModifiers()) && !member.isSynthetic()) {
      lines.add("  " + description);
    }
  }
}
