package io.quorate.examples.registry;

import java.util.List;

/**
 * An answer.
 *
 * @param index of the last command that this reflects; to be watched from
 * @param complete false if there is more than was told: items behind the last one, or changes that
 *     are forgotten
 * @param items in the order of their keys, or of their changes
 */
record Answer(long index, boolean complete, List<Item> items) {}
