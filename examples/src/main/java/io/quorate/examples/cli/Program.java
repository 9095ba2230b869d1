package io.quorate.examples.cli;

import io.quorate.QuorateException;
import java.io.IOException;
import java.io.UncheckedIOException;

/**
 * How the mains of the examples end: what a person can mend is one sentence on standard error and
 * an exit code, anything else a stack trace.
 */
public final class Program {
  /** All went well. */
  public static final int FINE = 0;

  /** It was called rightly and did not succeed. */
  public static final int FAILED = 1;

  /** It was called wrongly, and nothing was changed. */
  public static final int MISUSED = 2;

  private Program() {}

  /** Runs a program's body and returns the exit code. */
  public static int run(String name, Body body) {
    try {
      return body.run();
    } catch (UsageException e) {
      return say(name, e, MISUSED);
    } catch (QuorateException | IOException | UncheckedIOException e) {
      return say(name, e, FAILED);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return say(name, e, FAILED);
    }
  }

  private static int say(String name, Exception e, int code) {
    System.err.println(name + ": " + (e.getMessage() == null ? e.toString() : e.getMessage()));
    return code;
  }

  /** What a program does. */
  @FunctionalInterface
  public interface Body {
    /** Returns the exit code. */
    int run() throws IOException, InterruptedException;
  }
}
