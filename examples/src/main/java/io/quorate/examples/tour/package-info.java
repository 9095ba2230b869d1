/** Three walkthroughs: a ring, a Multi-Paxos group, a Raft group. */
@NullMarked
package io.quorate.examples.tour;

import org.jspecify.annotations.NullMarked;
