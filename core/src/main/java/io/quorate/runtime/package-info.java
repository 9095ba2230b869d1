/**
 * The one runtime under both engines; not exported.
 *
 * <pre>
 *   Host            one process: link, log stage, background worker, the groups
 *    ├ Introduction whom it lets in, and what it says of itself
 *    └ ReplicaLoop  one member of one group, in its loop: mailbox, engine, effects, flush
 *       │           (ReplicaParts connects all that it is made of)
 *       ├ Intake    what waits to become batches         ├ Proposals  the implicit session
 *       ├ Reads     who waits for a confirmation         ├ Tail       the log in memory
 *    ├ LogStage     drain, write all, sync once, report  └ Outbox     one frame a turn and member
 *    └ ApplyStage   Applier: session table, state machine, replies
 * </pre>
 *
 * <p>A command goes one way: caller → loop → log, beside it to the members → loop → apply → caller.
 */
@NullMarked
package io.quorate.runtime;

import org.jspecify.annotations.NullMarked;
