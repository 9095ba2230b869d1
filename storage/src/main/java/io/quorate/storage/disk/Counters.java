package io.quorate.storage.disk;

/**
 * What a store has asked of its disk since it was opened, without what opening and preparing took.
 *
 * @param records how many records were buffered
 * @param writes calls of write
 * @param forces calls of force
 * @param rolls how often the log went on in another segment
 * @param copies how many of the records were copies of older ones
 * @param drops how many segments were given up
 */
public record Counters(
    long records, long writes, long forces, long rolls, long copies, long drops) {}
