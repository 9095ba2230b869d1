package io.quorate.runtime;

/** What the simulator of the network must know of frames. */
public final class FrameKinds {
  private FrameKinds() {}

  /**
   * Whether frames of the kind may come twice without harm. Engines tolerate that. Who passes a
   * command on counts the copies that it has sent, and trusts the transport that a connection makes
   * no more of them: it takes the refusal of an only copy for certain.
   */
  public static boolean mayComeTwice(int kind) {
    return kind != Wire.FORWARD && kind != Wire.TURNED_AWAY && Wire.isBetweenMembers(kind);
  }
}
