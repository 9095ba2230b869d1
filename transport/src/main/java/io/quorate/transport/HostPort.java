package io.quorate.transport;

/** An address as people write it; the name is not resolved here. */
record HostPort(String host, int port) {
  private static final int PORT_MAX = 65_535;

  /**
   * Reads {@code host:port}; an IPv6 address stands in brackets.
   *
   * @throws IllegalArgumentException saying what is wrong and how to write it
   */
  static HostPort parse(String text) {
    int colon = text.lastIndexOf(':');
    String host = colon < 0 ? text : text.substring(0, colon);
    String digits = text.substring(colon + 1);
    boolean bracketed = host.startsWith("[") && host.endsWith("]");
    if (bracketed) {
      host = host.substring(1, host.length() - 1);
    }
    boolean readable =
        colon > 0
            && !host.isBlank()
            && host.equals(host.strip())
            && (bracketed || host.indexOf(':') < 0)
            && digits.matches("[0-9]{1,5}")
            && Integer.parseInt(digits) <= PORT_MAX;
    if (!readable) {
      throw new IllegalArgumentException(
          "\"" + text + "\" is not host:port; write it like db1.example.org:7001 or [::1]:7001");
    }
    return new HostPort(host, Integer.parseInt(digits));
  }
}
