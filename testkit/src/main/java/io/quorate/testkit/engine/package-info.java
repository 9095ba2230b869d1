/**
 * Several engines and nothing else, for whoever writes one: no runtime, no threads, no files. The
 * test moves each message and each write by hand, or lets all of it run; what has to hold for every
 * engine is checked at each effect.
 *
 * <p>Start at {@link io.quorate.testkit.engine.EngineGroup}. Extend it, and {@link
 * io.quorate.testkit.engine.EngineReplica}, by what knows a term or a ballot.
 */
@NullMarked
package io.quorate.testkit.engine;

import org.jspecify.annotations.NullMarked;
