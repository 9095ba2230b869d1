package io.quorate.examples.hello;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.quorate.Cluster;
import io.quorate.Command;
import io.quorate.CommandRejectedException;
import io.quorate.Replica;
import io.quorate.StateMachine;
import io.quorate.raft.Raft;
import io.quorate.storage.FileLog;
import io.quorate.transport.NettyTransport;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Path;
import java.util.Scanner;

/** A counter that survives the loss of any one of three machines. Run with the replica id, 1 to 3; type numbers. */
public final class HelloQuorate implements StateMachine {
  private long total;

  @Override public byte[] apply(Command command) {
    String text = new String(command.bytes(), UTF_8);
    if (!text.matches("-?[0-9]{1,18}")) throw new CommandRejectedException("not a number: " + text);
    total += Long.parseLong(text);
    return Long.toString(total).getBytes(UTF_8);
  }
  @Override public void snapshot(OutputStream out) throws IOException { new DataOutputStream(out).writeLong(total); }
  @Override public void restore(InputStream in) throws IOException { total = new DataInputStream(in).readLong(); }

  public static void main(String[] args) {
    Cluster cluster = Cluster.parse("1=localhost:7001,2=localhost:7002,3=localhost:7003");
    try (Replica replica = Replica.of(cluster, Integer.parseInt(args[0]))
        .protocol(Raft.protocol())                        // or MultiPaxos.protocol()
        .log(FileLog.at(Path.of("data", args[0])))
        .transport(NettyTransport.create())
        .start(new HelloQuorate())) {
      replica.ready().join();
      new Scanner(System.in, UTF_8).forEachRemaining(line -> System.out.println(replica.propose(line.getBytes(UTF_8))
          .handle((reply, no) -> no == null ? "total = " + new String(reply.value(), UTF_8) : no.getMessage()).join()));
    }
  }
}
