package io.quorate.examples.accounts;

import io.quorate.Codec;
import io.quorate.Command;
import io.quorate.CommandRejectedException;
import io.quorate.ServiceCodec;
import io.quorate.TypedStateMachine;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.Map;
import java.util.TreeMap;

/** What is on each account: a command moves money, its reply and a question's answer are cents. */
public final class Accounts extends TypedStateMachine<Move, Long, String, Long> {
  /** The language that callers and replicas speak. */
  public static final ServiceCodec<Move, Long, String, Long> CODEC =
      new ServiceCodec<>(Move.CODEC, Codec.int64(), Codec.utf8(), Codec.int64());

  private final TreeMap<String, Long> cents = new TreeMap<>();

  /** Without money. */
  public Accounts() {
    super(CODEC);
  }

  @Override
  protected Long execute(Command at, Move move) {
    if (!move.from().equals(Move.BANK) && answer(move.from()) < move.cents()) {
      throw new CommandRejectedException(move.from() + " has " + answer(move.from()) + " cents");
    }
    cents.merge(move.from(), -move.cents(), Long::sum);
    return cents.merge(move.to(), move.cents(), Long::sum);
  }

  @Override
  protected Long answer(String account) {
    return cents.getOrDefault(account, 0L);
  }

  @Override
  public void snapshot(OutputStream out) throws IOException {
    DataOutputStream data = new DataOutputStream(out);
    data.writeInt(cents.size());
    for (Map.Entry<String, Long> account : cents.entrySet()) {
      data.writeUTF(account.getKey());
      data.writeLong(account.getValue());
    }
    data.flush();
  }

  @Override
  public void restore(InputStream in) throws IOException {
    DataInputStream data = new DataInputStream(in);
    cents.clear();
    for (int left = data.readInt(); left > 0; left--) {
      cents.put(data.readUTF(), data.readLong());
    }
  }
}
