package io.quorate.examples.tutorial;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * A local Maven repository of its own, in which our artifacts stand as {@code mvn install} leaves
 * them; all others are links to those of the repository that this build uses.
 */
final class Published {
  private static final String VERSION = "0.1.0-SNAPSHOT";
  private static final List<String> MODULES =
      List.of("core", "raft", "paxos", "storage", "transport", "hash-ring");

  private Published() {}

  /** Fills the directory. */
  static void into(Path directory, Path root, Path shared) throws IOException {
    link(shared, directory, "io");
    link(shared.resolve("io"), Files.createDirectory(directory.resolve("io")), "quorate");
    Path own = directory.resolve("io/quorate");
    put(own, "quorate-parent", root.resolve("pom.xml"), ".pom");
    put(own, "quorate-bom", root.resolve("bom/pom.xml"), ".pom");
    for (String module : MODULES) {
      Path folder = root.resolve(module);
      put(own, "quorate-" + module, folder.resolve("pom.xml"), ".pom");
      put(own, "quorate-" + module, jar(folder), ".jar");
    }
  }

  private static void link(Path from, Path to, String except) throws IOException {
    try (Stream<Path> entries = Files.list(from)) {
      for (Path entry : entries.filter(each -> !each.endsWith(except)).toList()) {
        Files.createSymbolicLink(to.resolve(entry.getFileName()), entry);
      }
    }
  }

  /** The artifact of a module, as the build that runs this test has packaged it. */
  static Path jar(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder.resolve("target"))) {
      String name = "quorate-" + folder.getFileName() + "-" + VERSION + ".jar";
      return files.filter(file -> file.endsWith(name)).findAny().orElseThrow();
    }
  }

  private static void put(Path own, String artifact, Path file, String ending) throws IOException {
    Path folder = Files.createDirectories(own.resolve(artifact).resolve(VERSION));
    Files.copy(file, folder.resolve(artifact + "-" + VERSION + ending));
  }
}
