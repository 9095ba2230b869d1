package io.quorate.benchmarks.log;

/**
 * What is written before each force: what so many writers of one record each have waiting, each of
 * whom writes the next one when the last is on disk.
 *
 * @param writers how many
 * @param bytes of a record
 * @param batches how often
 */
record Load(String name, int writers, int bytes, int batches) {
  long total() {
    return (long) writers * bytes * batches;
  }
}
