package io.quorate;

/**
 * What a command led to.
 *
 * @param index the command's number, see {@link Command#index()}; a retry gets the first one's
 * @param value what {@link StateMachine#apply} returned; not copied, and kept for retries of the
 *     command: do not change it
 */
public record Reply(long index, byte[] value) {}
