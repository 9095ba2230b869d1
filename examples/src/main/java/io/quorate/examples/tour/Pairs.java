package io.quorate.examples.tour;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.quorate.Command;
import io.quorate.CommandRejectedException;
import io.quorate.StateMachine;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.Map;
import java.util.TreeMap;

/** A map. A command is {@code key: value}, and so is its reply; a question is a key. */
final class Pairs implements StateMachine {
  private final TreeMap<String, String> pairs = new TreeMap<>();

  @Override
  public byte[] apply(Command command) {
    String[] pair = new String(command.bytes(), UTF_8).split(": ", 2);
    if (pair.length < 2) {
      throw new CommandRejectedException("a command is \"key: value\", not \"" + pair[0] + "\"");
    }
    pairs.put(pair[0], pair[1]);
    return show(pair[0]);
  }

  @Override
  public byte[] query(byte[] question) {
    return show(new String(question, UTF_8));
  }

  private byte[] show(String key) {
    return "{%s: %s}".formatted(key, pairs.getOrDefault(key, "nothing")).getBytes(UTF_8);
  }

  @Override
  public void snapshot(OutputStream out) throws IOException {
    DataOutputStream data = new DataOutputStream(out);
    data.writeInt(pairs.size());
    for (Map.Entry<String, String> pair : pairs.entrySet()) {
      data.writeUTF(pair.getKey());
      data.writeUTF(pair.getValue());
    }
    data.flush();
  }

  @Override
  public void restore(InputStream in) throws IOException {
    DataInputStream data = new DataInputStream(in);
    pairs.clear();
    for (int left = data.readInt(); left > 0; left--) {
      pairs.put(data.readUTF(), data.readUTF());
    }
  }
}
