/** Tests of the Raft engine alone: several pure engines, network and disk by hand. */
@NullMarked
package io.quorate.raft;

import org.jspecify.annotations.NullMarked;
