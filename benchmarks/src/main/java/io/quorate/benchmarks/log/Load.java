package io.quorate.benchmarks.log;

/**
 * What is written before each force: what so many writers of one record each have waiting, each of
 * whom writes the next one when the last is on disk.
 *
 * @param writers how many
 * @param bytes of a record
 * @param before how many batches come before those that count: until old segments are written again
 * @param batches how many count
 */
record Load(String name, int writers, int bytes, int before, int batches) {
  int batchBytes() {
    return writers * bytes;
  }
}
