package io.quorate.transport;

/** Opens lines. */
interface Network {
  /**
   * Starts to open a line to {@code address}, whose name is resolved now. In the loop of {@code
   * end}, which hears there, perhaps before this returns, that the line is open or why it is not.
   * An address that cannot be read is a line that does not open.
   */
  void dial(String address, Connection end);
}
