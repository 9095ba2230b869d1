package io.quorate.examples.kv;

import io.quorate.examples.kv.KvCommand.CompareAndSet;
import io.quorate.examples.kv.KvCommand.Delete;
import io.quorate.examples.kv.KvCommand.Put;
import io.quorate.raft.Raft;
import io.quorate.testkit.SimSeed;
import io.quorate.testkit.SimulatedCluster;
import io.quorate.testkit.Workload;
import java.util.random.RandomGenerator;

/** The key-value store under whatever can happen to networks, disks, processes and clocks. */
class KvSimulatedTest {
  @SimulatedCluster(replicas = 3, seeds = 25)
  void replicasAgreeWhateverHappens(SimSeed seed) {
    seed.run(Raft.protocol(), KvMachine::new, new Calls());
  }

  private static final class Calls implements Workload {
    @Override
    public byte[] command(long number, RandomGenerator random) {
      String key = "key" + random.nextInt(10);
      return switch (random.nextInt(3)) {
        case 0 -> new Put(key, "value" + number).encode();
        case 1 -> new CompareAndSet(key, "value" + (number - 2), "value" + number).encode();
        default -> new Delete(key).encode();
      };
    }

    @Override
    public byte[] question(RandomGenerator random) {
      return new KvQuery.Get("key" + random.nextInt(10)).encode();
    }
  }
}
