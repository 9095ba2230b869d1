import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.tools.ToolProvider;

/**
 * Plants bugs, one at a time, and looks for the test that catches each. Run by {@code
 * testkit/mutants/run [--table] [module or name...]}; all without names.
 *
 * <p>How a bug is written down is said in {@link Edit}.
 *
 * <p>An edit that does not apply or compile is a failure, and so is a bug that survives, hangs, or
 * is "caught" by a test that fails without it too. All seeds are short ones, of 1,000 steps. With {@code --table} the rows for
 * docs/testing.md come last.
 *
 * <p>Environment: SEEDS, how many seeds to try (2,000); RARE_SEEDS (20,000); CLASSES, a class path
 * to use instead of building one.
 */
public final class Run {
  private static final int RARE_HITS = 5;
  private static final long MINUTES_MAX = 10;
  private static final Pattern SEED =
      Pattern.compile("^\\S+ seed (\\d+) [^:]*: (?:\\w+\\.)*([\\w ]+): .*");
  private static final Pattern FAILED = Pattern.compile("^FAILED (\\w+).*");

  private final Path here = Edit.FOLDER.toAbsolutePath();
  private final long seeds = number("SEEDS", 2_000);
  private final long rareSeeds = number("RARE_SEEDS", 20_000);
  private final Path scratch;
  private final List<String> rows = new ArrayList<>();
  private final Set<String> sound = new TreeSet<>();
  private String classpath = "";
  private int failures;
  private volatile Process child;
  private volatile boolean ending;

  private Run(Path scratch) {
    this.scratch = scratch;
  }

  /** How a test ended; the code is below 0 if it did not. */
  private record Ended(int code, List<String> output) {}

  public static void main(String[] args) throws IOException, InterruptedException {
    List<String> names = new ArrayList<>(Arrays.asList(args));
    boolean table = names.remove("--table");
    Run run = new Run(Files.createTempDirectory("mutants"));
    Runtime.getRuntime().addShutdownHook(new Thread(run::end));
    run.all(names);
    if (table) {
      System.out.println("| planted bug | what | caught by | seed or hits |");
      System.out.println("|---|---|---|---|");
      run.rows.forEach(System.out::println);
    }
    System.exit(run.failures == 0 ? 0 : 1);
  }

  /** However this program ends, nothing of it is left. */
  private void end() {
    ending = true;
    Process left = child;
    if (left != null) {
      left.destroyForcibly().onExit().join();
    }
    delete(scratch);
  }

  private void all(List<String> names) throws IOException, InterruptedException {
    List<Path> files = new ArrayList<>();
    for (Path file : Edit.list(here, ".edit")) {
      if (names.isEmpty()
          || names.contains(Edit.nameOf(file))
          || names.contains(Edit.moduleOf(file))) {
        files.add(file);
      }
    }
    for (String name : names) {
      if (files.stream()
          .noneMatch(f -> name.equals(Edit.nameOf(f)) || name.equals(Edit.moduleOf(f)))) {
        fail("NO SUCH EDIT " + name);
      }
    }
    if (files.isEmpty()) {
      return;
    }
    long begin = System.nanoTime();
    build();
    System.out.printf("built in %d s%n", secondsSince(begin));
    for (Path file : files) {
      try {
        plant(Edit.parse(file));
      } catch (EditException e) {
        fail(e.getMessage() + " " + Edit.nameOf(file));
      }
    }
    System.out.printf(
        "%d planted, %d failures, %d s%n", files.size(), failures, secondsSince(begin));
  }

  // One bug

  private void plant(Edit edit) throws EditException, IOException, InterruptedException {
    String planted = compile(edit) + ":" + classpath;
    long begin = System.nanoTime();
    for (String killer : edit.killers()) {
      String[] words = killer.split(" ");
      boolean caught =
          words[0].equals("seeds")
              ? bySeeds(edit, words[1], planted, begin)
              : byTest(edit, words[1], planted, begin);
      if (caught) {
        return;
      }
    }
    fail("SURVIVED " + edit.name() + " in " + secondsSince(begin) + " s");
  }

  /** The class's main takes a first and a last seed and ends with 1 at the first that fails. */
  private boolean bySeeds(Edit edit, String test, String planted, long begin)
      throws EditException, IOException, InterruptedException {
    String type = edit.typeOf(Path.of(""), test);
    long limit = edit.rare() ? rareSeeds : seeds;
    int wanted = edit.rare() ? RARE_HITS : 1;
    long next = 0;
    int hits = 0;
    String first = "";
    while (hits < wanted && next < limit) {
      Ended ended = java(planted, type, String.valueOf(next), String.valueOf(limit));
      if (ended.code == 0) {
        break;
      }
      Matcher line = failureOf(ended, SEED);
      String seed = line.group(1);
      next = Long.parseLong(seed) + 1;
      if (sound.add(test + seed)
          && java(classpath, type, seed, String.valueOf(next)).code != 0) {
        throw new EditException("FAILS WITHOUT THE BUG, TOO: seed " + seed + " of " + test);
      }
      if (hits++ == 0) {
        first = seed + ", " + line.group(2);
        System.out.println("    " + shorten(line.group()));
      }
    }
    if (hits < wanted) {
      System.out.printf(
          "    %s: %d of %,d seeds of %s, %d are wanted%n", edit.name(), hits, limit, test, wanted);
      return false;
    }
    caught(
        edit, test, edit.rare() ? String.format("%s; %d in %,d", first, hits, next) : first, begin);
    return true;
  }

  private boolean byTest(Edit edit, String test, String planted, long begin)
      throws EditException, IOException, InterruptedException {
    String[] names = test.split("\\.");
    String type = edit.typeOf(Path.of(""), names[0]);
    String selected = type + (names.length == 1 ? "" : "#" + names[1]);
    Ended ended = java(planted, "Tests", selected);
    if (ended.code == 0) {
      return false;
    }
    Matcher line = failureOf(ended, FAILED);
    if (sound.add(selected) && java(classpath, "Tests", selected).code != 0) {
      throw new EditException("FAILS WITHOUT THE BUG, TOO: " + test);
    }
    System.out.println("    " + shorten(line.group()));
    caught(edit, names.length == 1 ? test + "." + line.group(1) : test, "", begin);
    return true;
  }

  private void caught(Edit edit, String test, String seed, long begin) {
    System.out.printf(
        "caught %s by %s%s in %d s%n",
        edit.name(), test, seed.isEmpty() ? "" : " seed " + seed, secondsSince(begin));
    rows.add(String.format("| `%s` | %s | `%s` | %s |", edit.name(), edit.what(), test, seed));
  }

  private void fail(String what) {
    System.out.println(what);
    failures++;
  }

  private static Matcher failureOf(Ended ended, Pattern pattern) throws EditException {
    for (String line : ended.output) {
      Matcher matcher = pattern.matcher(line);
      if (matcher.matches()) {
        return matcher;
      }
    }
    ended.output.forEach(System.out::println);
    throw new EditException(ended.code < 0 ? "HANGS" : "FAILS WITHOUT SAYING WHY");
  }

  /** Applies the edit and compiles what it touches; returns where the classes are. */
  private Path compile(Edit edit) throws EditException, IOException {
    Path sources = scratch.resolve("src");
    Path classes = scratch.resolve("classes");
    delete(sources);
    delete(classes);
    Files.createDirectories(sources);
    Files.createDirectories(classes);
    List<String> arguments = options(classes, classpath);
    for (Map.Entry<Path, List<String>> each : edit.apply(Path.of("")).entrySet()) {
      Path copy = sources.resolve(each.getKey().getFileName());
      Files.write(copy, each.getValue());
      arguments.add(copy.toString());
    }
    compile(arguments);
    return classes;
  }

  // Building and running

  private void build() throws IOException, InterruptedException {
    String given = System.getenv("CLASSES");
    Path tools = Files.createDirectories(scratch.resolve("tools"));
    classpath = (given == null ? buildClasspath() : given) + ":" + tools;
    classpath += ":" + launcher(tools);
    List<String> arguments = options(tools, classpath);
    arguments.add(here.resolve("Tests.java").toString());
    try {
      compile(arguments);
    } catch (EditException e) {
      throw new IllegalStateException(e);
    }
  }

  private static String buildClasspath() throws IOException, InterruptedException {
    maven(
        "-pl",
        String.join(",", Edit.MODULES),
        "-am",
        "test-compile",
        "dependency:build-classpath",
        "-Dmdep.outputFile=target/classpath",
        "-Dmdep.includeScope=test");
    Set<String> entries = new LinkedHashSet<>();
    for (String module : Edit.MODULES) {
      entries.add(Path.of(module, "target", "classes").toAbsolutePath().toString());
      entries.add(Path.of(module, "target", "test-classes").toAbsolutePath().toString());
    }
    for (String module : Edit.MODULES) {
      String more = Files.readString(Path.of(module, "target", "classpath")).strip();
      entries.addAll(List.of(more.split(":")));
    }
    return String.join(":", entries);
  }

  /** JUnit's launcher, which Maven gives to tests and to nobody else. */
  private String launcher(Path tools) throws IOException, InterruptedException {
    Matcher engine = Pattern.compile("junit-platform-engine-([0-9.]+)\\.jar").matcher(classpath);
    if (!engine.find()) {
      throw new IllegalStateException("no JUnit in " + classpath);
    }
    String name = "org.junit.platform:junit-platform-launcher:" + engine.group(1);
    maven("-N", "dependency:copy", "-Dartifact=" + name, "-DoutputDirectory=" + tools);
    return tools.resolve("junit-platform-launcher-" + engine.group(1) + ".jar").toString();
  }

  private static void maven(String... arguments) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of("mvn", "-B", "-o", "-q"));
    command.addAll(List.of(arguments));
    Path log = Files.createTempFile("mutants", ".log");
    try {
      ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
      if (builder.redirectOutput(log.toFile()).start().waitFor() != 0) {
        throw new IllegalStateException(command + "\n" + Files.readString(log));
      }
    } finally {
      Files.delete(log);
    }
  }

  private static List<String> options(Path classes, String classpath) {
    return new ArrayList<>(
        List.of("-nowarn", "-proc:none", "-d", classes.toString(), "-cp", classpath));
  }

  private static void compile(List<String> arguments) throws EditException {
    int failed =
        ToolProvider.getSystemJavaCompiler()
            .run(null, null, null, arguments.toArray(String[]::new));
    if (failed != 0) {
      throw new EditException("DOES NOT COMPILE");
    }
  }

  private Ended java(String path, String... arguments) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-Dorg.slf4j.simpleLogger.defaultLogLevel=off"));
    command.addAll(List.of("-Dquorate.sim.shrink=false", "-Dquorate.sim.steps=1000"));
    command.addAll(List.of("-cp", path));
    command.addAll(List.of(arguments));
    Path output = scratch.resolve("output");
    Process process =
        new ProcessBuilder(command)
            .directory(scratch.toFile())
            .redirectErrorStream(true)
            .redirectOutput(output.toFile())
            .start();
    child = process;
    boolean ended = process.waitFor(MINUTES_MAX, TimeUnit.MINUTES);
    if (!ended) {
      process.destroyForcibly().waitFor();
    }
    if (ending) {
      new CountDownLatch(1).await(); // What was cut short is no result.
    }
    return new Ended(ended ? process.exitValue() : -1, Files.readAllLines(output));
  }

  // Small things

  private static long number(String name, long otherwise) {
    String given = System.getenv(name);
    return given == null ? otherwise : Long.parseLong(given);
  }

  private static long secondsSince(long begin) {
    return Math.round((System.nanoTime() - begin) / 1e9);
  }

  private static String shorten(String line) {
    return line.length() <= 200 ? line : line.substring(0, 200) + " ...";
  }

  private static void delete(Path root) {
    if (!Files.exists(root)) {
      return;
    }
    try (Stream<Path> paths = Files.walk(root)) {
      paths.sorted(Comparator.reverseOrder()).forEach(path -> path.toFile().delete());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
