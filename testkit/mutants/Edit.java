import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A bug to be planted: what its file says, and its lines put into the sources. {@link Run} plants it;
 * a test of testkit looks whether all can still be planted.
 *
 * <p>A bug is a file {@code MODULE/NAME.edit}:
 *
 * <pre>
 *   What is wrong, in a line; more lines if more is to be said.
 *
 *   rare                      (if many seeds are needed: then 5 of RARE_SEEDS must catch it)
 *   seeds RaftSimTest         (what has to catch it: the seeds of a class that has a main, ...)
 *   test ElectionTest.bridge  (... a JUnit test, or all of a class; several lines: any of them)
 *   class Follower            (found wherever it stands, in that module first, as tests are)
 *   &lt;&lt;&lt;&lt;&lt;&lt;&lt;
 *   lines to be found, once in the file, whatever their indentation
 *   =======
 *   lines to be put there; none to take them away
 *   &gt;&gt;&gt;&gt;&gt;&gt;&gt;
 * </pre>
 *
 * <p>Classes and blocks may be repeated. Only the classes named are compiled anew, so a constant
 * that others have inlined is no place for a bug.
 */
public record Edit(
    String module,
    String name,
    String what,
    boolean rare,
    List<String> killers,
    Map<String, List<Block>> blocks) {
  static final List<String> MODULES =
      List.of("core", "storage", "testkit", "raft", "paxos", "transport");

  /** Where the bugs are. */
  static final Path FOLDER = Path.of("testkit", "mutants");

  /** Lines to be found and lines to be put in their place. */
  record Block(List<String> search, List<String> replacement) {}

  /**
   * Looks at all bugs of a checkout.
   *
   * @return of each that cannot be planted, or names a test class that is not there, why and which
   */
  public static List<String> failures(Path root) throws IOException {
    List<String> failures = new ArrayList<>();
    for (Path file : list(root.resolve(FOLDER), ".edit")) {
      try {
        Edit edit = parse(file);
        edit.apply(root);
        for (String killer : edit.killers) {
          edit.typeOf(root, killer.split(" ")[1].split("\\.")[0]);
        }
      } catch (EditException e) {
        failures.add(e.getMessage() + " " + moduleOf(file) + "/" + nameOf(file));
      }
    }
    return failures;
  }

  static Edit parse(Path file) throws EditException, IOException {
    List<String> lines = Files.readAllLines(file);
    boolean rare = false;
    List<String> killers = new ArrayList<>();
    Map<String, List<Block>> blocks = new LinkedHashMap<>();
    String type = "";
    int at = lines.indexOf("") + 1;
    while (at > 0 && at < lines.size()) {
      String line = lines.get(at++);
      if (line.equals("rare")) {
        rare = true;
      } else if (line.startsWith("seeds ") || line.startsWith("test ")) {
        killers.add(line);
      } else if (line.startsWith("class ")) {
        type = line.substring("class ".length());
      } else if (line.equals("<<<<<<<") && !type.isEmpty()) {
        int middle = at + lines.subList(at, lines.size()).indexOf("=======");
        int end = at + lines.subList(at, lines.size()).indexOf(">>>>>>>");
        if (middle <= at || end < middle) {
          throw new EditException("BAD BLOCK IN");
        }
        blocks
            .computeIfAbsent(type, key -> new ArrayList<>())
            .add(new Block(lines.subList(at, middle), lines.subList(middle + 1, end)));
        at = end + 1;
      } else {
        throw new EditException("BAD LINE \"" + line + "\" IN");
      }
    }
    if (killers.isEmpty() || blocks.isEmpty()) {
      throw new EditException("NO TEST OR NO BLOCK IN");
    }
    return new Edit(moduleOf(file), nameOf(file), lines.get(0), rare, killers, blocks);
  }

  /** The lines of each file that it changes, with the bug in them. */
  Map<Path, List<String>> apply(Path root) throws EditException, IOException {
    Map<Path, List<String>> changed = new LinkedHashMap<>();
    for (Map.Entry<String, List<Block>> each : blocks.entrySet()) {
      Path source = main(root, each.getKey());
      List<String> lines = new ArrayList<>(Files.readAllLines(source));
      for (Block block : each.getValue()) {
        replaceOnce(lines, block);
      }
      changed.put(source, lines);
    }
    return changed;
  }

  private static void replaceOnce(List<String> lines, Block block) throws EditException {
    int found = -1;
    for (int at = 0; at + block.search.size() <= lines.size(); at++) {
      if (isSame(lines.subList(at, at + block.search.size()), block.search)) {
        if (found >= 0) {
          throw new EditException("DOES NOT APPLY, is there twice: " + block.search + ":");
        }
        found = at;
      }
    }
    if (found < 0) {
      throw new EditException("DOES NOT APPLY, is not there: " + block.search + ":");
    }
    List<String> place = lines.subList(found, found + block.search.size());
    place.clear();
    place.addAll(block.replacement);
  }

  private static boolean isSame(List<String> lines, List<String> search) {
    for (int i = 0; i < search.size(); i++) {
      if (!lines.get(i).strip().equals(search.get(i).strip())) {
        return false;
      }
    }
    return true;
  }

  /** The file of a class of that module, or else of another one. */
  private Path main(Path root, String type) throws EditException, IOException {
    Path own = root.resolve(Path.of(module, "src", "main", "java"));
    for (String other : MODULES) {
      Path sources = root.resolve(Path.of(other, "src", "main", "java"));
      if (list(own, "/" + type + ".java").isEmpty()
          && !list(sources, "/" + type + ".java").isEmpty()) {
        return source(type, sources);
      }
    }
    return source(type, own);
  }

  /** The full name of a test class; where modules have one of that name, the bug's own goes first. */
  String typeOf(Path root, String test) throws EditException, IOException {
    List<String> modules = new ArrayList<>(List.of(module));
    modules.addAll(MODULES);
    for (String other : modules) {
      Path tests = root.resolve(Path.of(other, "src", "test", "java"));
      if (Files.isDirectory(tests) && !list(tests, "/" + test + ".java").isEmpty()) {
        String path = tests.relativize(source(test, tests)).toString();
        return path.substring(0, path.length() - ".java".length()).replace('/', '.');
      }
    }
    throw new EditException("NO TEST CLASS " + test + " FOR");
  }

  private static Path source(String name, Path under) throws EditException, IOException {
    List<Path> found = list(under, "/" + name + ".java");
    if (found.size() != 1) {
      throw new EditException("NOT ONE CLASS " + name + " BUT " + found + " FOR");
    }
    return found.get(0);
  }

  static String nameOf(Path edit) {
    return edit.getFileName().toString().replaceFirst("\\.edit$", "");
  }

  static String moduleOf(Path edit) {
    return edit.getParent().getFileName().toString();
  }

  static List<Path> list(Path under, String ending) throws IOException {
    try (Stream<Path> paths = Files.walk(under)) {
      return paths
          .filter(path -> path.toString().endsWith(ending))
          .sorted()
          .collect(Collectors.toList());
    }
  }
}
