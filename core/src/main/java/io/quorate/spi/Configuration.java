package io.quorate.spi;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.UUID;
import java.util.stream.Collectors;

/**
 * A link in a group's chain of epochs, as the FOUNDING, CONFIGURATION and STOP entries carry it:
 * which protocol runs and whose votes count.
 *
 * @param clusterId drawn by whoever leads the formation
 * @param epoch the link's number, from 1
 * @param protocol its {@link Protocol#name}
 * @param voters ascending by member id
 * @param leaseMillis 0 = no leases
 * @param firstLeader the member that may lead the epoch without an election; 0 in the first
 * @param firstCommandIndex the command index at which the epoch begins; 0 while not known
 */
public record Configuration(
    UUID clusterId,
    long epoch,
    String protocol,
    List<Voter> voters,
    long leaseMillis,
    int firstLeader,
    long firstCommandIndex) {
  private static final int FORMAT = 1;
  private static final int VOTERS_MAX = 31;

  /**
   * A member with a vote.
   *
   * @param address the advertised {@code host:port}: a hint, resolved at every connect
   */
  public record Voter(Member member, String address) {}

  /** Copies the list and checks it. */
  public Configuration {
    voters = List.copyOf(voters);
    Check.that(
        !voters.isEmpty() && voters.size() <= VOTERS_MAX,
        "IC12 a configuration has 1 to 31 voters",
        voters.size(),
        VOTERS_MAX);
    for (int i = 1; i < voters.size(); i++) {
      Check.that(
          voters.get(i - 1).member().id() < voters.get(i).member().id(),
          "IC12 voters ascend by id, each once");
    }
  }

  /** The voter with that id and incarnation counts; an id alone never does. */
  public boolean counts(Member member) {
    for (Voter voter : voters) {
      if (voter.member().equals(member)) {
        return true;
      }
    }
    return false;
  }

  /** The incarnation that the voter with that id has here; 0 if no voter has the id. */
  public long incarnationOf(int id) {
    for (int i = 0; i < voters.size(); i++) { // Asked for each message that is received.
      Member member = voters.get(i).member();
      if (member.id() == id) {
        return member.incarnation();
      }
    }
    return 0;
  }

  /** The voters' ids, ascending. */
  public List<Integer> ids() {
    return voters.stream().map(voter -> voter.member().id()).collect(Collectors.toList());
  }

  /** The same with other members, in the same order of ids. */
  public Configuration withMembers(List<Member> members) {
    Check.that(members.size() == voters.size(), "as many members as voters");
    List<Voter> named =
        voters.stream()
            .map(
                voter ->
                    members.stream()
                        .filter(member -> member.id() == voter.member().id())
                        .findFirst()
                        .map(member -> new Voter(member, voter.address()))
                        .orElseThrow())
            .collect(Collectors.toList());
    return new Configuration(
        clusterId, epoch, protocol, named, leaseMillis, firstLeader, firstCommandIndex);
  }

  /** The value of the entry that carries this. */
  public Payload encode() {
    int bytes = 64 + protocol.length() * 3;
    for (Voter voter : voters) {
      bytes += 16 + voter.address().length() * 3;
    }
    ByteBuffer out = ByteBuffer.allocate(bytes);
    out.put((byte) FORMAT);
    out.putLong(clusterId.getMostSignificantBits()).putLong(clusterId.getLeastSignificantBits());
    out.putLong(epoch);
    putText(out, protocol);
    out.putLong(leaseMillis).putInt(firstLeader).putLong(firstCommandIndex);
    out.putShort((short) voters.size());
    for (Voter voter : voters) {
      out.putInt(voter.member().id()).putLong(voter.member().incarnation());
      putText(out, voter.address());
    }
    return Payload.of(out.flip());
  }

  /**
   * The reverse of {@link #encode}.
   *
   * @throws IllegalArgumentException if the bytes are no configuration that this version knows
   */
  public static Configuration decode(Payload value) {
    ByteBuffer in = value.buffer();
    try {
      int format = in.get();
      if (format != FORMAT) {
        throw new IllegalArgumentException(
            "a configuration of format " + format + "; this version reads format " + FORMAT);
      }
      UUID clusterId = new UUID(in.getLong(), in.getLong());
      long epoch = in.getLong();
      String protocol = text(in);
      long leaseMillis = in.getLong();
      int firstLeader = in.getInt();
      long firstCommandIndex = in.getLong();
      int count = in.getShort();
      if (count < 1 || count > VOTERS_MAX) {
        throw new IllegalArgumentException(
            "a configuration of " + count + " voters; it has 1 to " + VOTERS_MAX);
      }
      Voter[] voters = new Voter[count];
      for (int i = 0; i < voters.length; i++) {
        voters[i] = new Voter(new Member(in.getInt(), in.getLong()), text(in));
      }
      return new Configuration(
          clusterId, epoch, protocol, List.of(voters), leaseMillis, firstLeader, firstCommandIndex);
    } catch (BufferUnderflowException e) {
      throw new IllegalArgumentException("a configuration that ends early", e);
    } catch (IllegalStateException e) {
      throw new IllegalArgumentException("no configuration: " + e.getMessage(), e);
    }
  }

  private static void putText(ByteBuffer out, String text) {
    byte[] bytes = text.getBytes(UTF_8);
    out.putShort((short) bytes.length).put(bytes);
  }

  private static String text(ByteBuffer in) {
    int length = in.getShort() & 0xffff;
    if (length > in.remaining()) {
      throw new IllegalArgumentException("a configuration that ends early");
    }
    byte[] bytes = new byte[length];
    in.get(bytes);
    return new String(bytes, UTF_8);
  }
}
