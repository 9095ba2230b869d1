package io.quorate.runtime;

import io.quorate.SnapshotInfo;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/** What a member answers who was asked for a snapshot or a backup (docs/wire-format.md). */
final class SnapshotInfoCodec {
  private static final int UNDER_WAY = 0;
  private static final int DONE = 1;

  private SnapshotInfoCodec() {}

  /** It takes longer: ask again. */
  static byte[] underWay() {
    return new byte[] {UNDER_WAY};
  }

  static boolean isUnderWay(byte[] answer) {
    return answer.length == 1 && answer[0] == UNDER_WAY;
  }

  static byte[] encode(SnapshotInfo info) {
    Wire.Out out = new Wire.Out(256).putByte(DONE).putText(info.clusterId());
    out.putInt(info.members().size());
    info.members().forEach(out::putInt);
    out.putLong(info.entryIndex()).putLong(info.commandIndex()).putLong(info.bytes());
    ByteBuffer bytes = out.putText(info.digest()).end();
    return Wire.bytes(bytes, bytes.remaining());
  }

  static SnapshotInfo decode(byte[] answer) {
    ByteBuffer in = ByteBuffer.wrap(answer);
    if (in.get() != DONE) {
      throw new IllegalArgumentException("no answer of a snapshot or backup");
    }
    String clusterId = text(in);
    List<Integer> members = new ArrayList<>();
    for (int left = in.getInt(); left > 0; left--) {
      members.add(in.getInt());
    }
    return new SnapshotInfo(clusterId, members, in.getLong(), in.getLong(), in.getLong(), text(in));
  }

  private static String text(ByteBuffer in) {
    return Wire.text(Wire.slice(in, in.getInt()));
  }
}
