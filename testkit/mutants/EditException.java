/** Tells of a failure that is the edit's, not the program's. */
final class EditException extends Exception {
  private static final long serialVersionUID = 1L;

  EditException(String message) {
    super(message);
  }
}
