package io.quorate;

/**
 * What was asked for is a part of the API, but the group's engine cannot do it in this version. The
 * message names the engine and what can be done instead. Nothing has happened.
 */
public final class UnsupportedByEngineException extends QuorateException {
  private static final long serialVersionUID = 1L;

  /** Says which engine cannot do what. */
  public UnsupportedByEngineException(String message) {
    super(message);
  }
}
