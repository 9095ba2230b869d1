/**
 * A replicated map: the state machine {@link io.quorate.examples.kv.KvMachine}, a server process
 * for one replica and a line client.
 */
@NullMarked
package io.quorate.examples.kv;

import org.jspecify.annotations.NullMarked;
