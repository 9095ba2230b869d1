/** Tests of the Multi-Paxos engine, alone and in the simulator. */
@NullMarked
package io.quorate.paxos;

import org.jspecify.annotations.NullMarked;
