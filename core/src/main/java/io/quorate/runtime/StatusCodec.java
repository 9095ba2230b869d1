package io.quorate.runtime;

import io.quorate.Status;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/** A status in bytes (docs/wire-format.md). */
final class StatusCodec {
  private static final int FORMAT = 1;

  private StatusCodec() {}

  static byte[] encode(Status status) {
    Wire.Out out = new Wire.Out(512).putByte(FORMAT);
    out.putInt(status.member()).putText(status.incarnation()).putText(status.clusterId());
    out.putText(status.role()).putInt(status.leader()).putText(status.stamp());
    out.putLong(status.lastEntry()).putLong(status.durableEntry());
    out.putLong(status.committedEntry()).putLong(status.appliedEntry());
    out.putLong(status.commandIndex()).putInt(status.sessions()).putInt(status.waiting());
    out.putInt(status.members().size());
    for (Status.Member member : status.members()) {
      out.putInt(member.id()).putText(member.incarnation()).putText(member.address());
      out.putByte(member.connected() ? 1 : 0);
    }
    out.putInt(status.findings().size());
    status.findings().forEach(out::putText);
    ByteBuffer bytes = out.end();
    return Wire.bytes(bytes, bytes.remaining());
  }

  static Status decode(ByteBuffer in) {
    int format = in.get();
    if (format != FORMAT) {
      throw new IllegalArgumentException(
          "a status of format " + format + "; this version reads format " + FORMAT);
    }
    return new Status(
        in.getInt(),
        text(in),
        text(in),
        text(in),
        in.getInt(),
        text(in),
        in.getLong(),
        in.getLong(),
        in.getLong(),
        in.getLong(),
        in.getLong(),
        in.getInt(),
        in.getInt(),
        members(in),
        findings(in));
  }

  private static List<Status.Member> members(ByteBuffer in) {
    List<Status.Member> members = new ArrayList<>();
    for (int left = in.getInt(); left > 0; left--) {
      members.add(new Status.Member(in.getInt(), text(in), text(in), in.get() != 0));
    }
    return members;
  }

  private static List<String> findings(ByteBuffer in) {
    List<String> findings = new ArrayList<>();
    for (int left = in.getInt(); left > 0; left--) {
      findings.add(text(in));
    }
    return findings;
  }

  private static String text(ByteBuffer in) {
    return Wire.text(Wire.slice(in, in.getInt()));
  }
}
