import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.PrintStream;
import java.lang.reflect.Proxy;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import net.spy.memcached.DefaultHashAlgorithm;
import net.spy.memcached.KetamaNodeKeyFormatter.Format;
import net.spy.memcached.KetamaNodeLocator;
import net.spy.memcached.MemcachedNode;

/** Says where spymemcached puts keys: {@code OfSpymemcached FORMAT < sets.txt > FORMAT.txt}. */
public final class OfSpymemcached {
  private static final int KEYS = 30_000;
  private static final int SHOWN = 300;

  private final Format format;
  private final List<MemcachedNode> nodes = new ArrayList<>();
  private final List<String> names = new ArrayList<>();
  private final Map<InetSocketAddress, Integer> weights = new HashMap<>();

  private OfSpymemcached(Format format) {
    this.format = format;
  }

  public static void main(String[] args) throws Exception {
    PrintStream out = new PrintStream(System.out, false, UTF_8);
    Format format = Format.valueOf(args[0]);
    out.println("# spymemcached 2.12.3, " + format);
    OfSpymemcached set = null;
    for (String line : new String(System.in.readAllBytes(), UTF_8).split("\n")) {
      if (line.startsWith("set ")) {
        if (set != null) {
          set.print(out);
        }
        set = new OfSpymemcached(format);
        out.println(line);
      } else if (!line.startsWith("#")) {
        set.add(line.split(" "), out);
      }
    }
    set.print(out);
    out.flush();
  }

  /** Host[/address] port [weight]. */
  private void add(String[] words, PrintStream out) throws Exception {
    String[] host = words[0].split("/");
    byte[] bytes = new byte[4];
    String[] numbers = host[host.length - 1].split("\\.");
    for (int i = 0; i < 4; i++) {
      bytes[i] = (byte) Integer.parseInt(numbers[i]);
    }
    // Without a name of its own an address would be looked up for the format LIBMEMCACHED.
    boolean named = host.length > 1 || format == Format.LIBMEMCACHED;
    InetAddress ip =
        named ? InetAddress.getByAddress(host[0], bytes) : InetAddress.getByAddress(bytes);
    InetSocketAddress address = new InetSocketAddress(ip, Integer.parseInt(words[1]));
    String name = (format == Format.LIBMEMCACHED ? host[0] : words[0]) + ":" + words[1];
    if (words.length > 2) {
      weights.put(address, Integer.valueOf(words[2]));
    }
    names.add(name);
    nodes.add(node(address));
    out.println("server " + name + (words.length > 2 ? " " + words[2] : ""));
  }

  private static MemcachedNode node(InetSocketAddress address) {
    return (MemcachedNode)
        Proxy.newProxyInstance(
            OfSpymemcached.class.getClassLoader(),
            new Class<?>[] {MemcachedNode.class},
            (self, method, args) ->
                switch (method.getName()) {
                  case "getSocketAddress" -> address;
                  case "hashCode" -> System.identityHashCode(self);
                  case "equals" -> self == args[0];
                  case "toString" -> address.toString();
                  default -> throw new UnsupportedOperationException(method.getName());
                });
  }

  private void print(PrintStream out) {
    KetamaNodeLocator locator =
        new KetamaNodeLocator(nodes, DefaultHashAlgorithm.KETAMA_HASH, format, weights);
    StringBuilder owners = new StringBuilder("owners");
    long digest = 0xcbf29ce484222325L; // FNV-1a
    for (int i = 0; i < KEYS; i++) {
      int owner = nodes.indexOf(locator.getPrimary(key(i)));
      if (i < SHOWN) {
        owners.append(' ').append(owner);
      }
      for (byte b : (names.get(owner) + "\n").getBytes(UTF_8)) {
        digest = (digest ^ (b & 0xff)) * 0x100000001b3L;
      }
    }
    out.printf("digest %016x%n%s%n", digest, owners);
  }

  static String key(int i) {
    return switch (i % 3) {
      case 0 -> "key-" + i;
      case 1 -> "user:" + i + ":profile/of-a-person-with-a-long-name";
      default -> "schl\u00fcssel-" + i;
    };
  }
}
