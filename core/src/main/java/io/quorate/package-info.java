/**
 * What a user of Quorate sees. Implement {@link io.quorate.StateMachine}, name the {@link
 * io.quorate.Cluster}, start a {@link io.quorate.Replica}; reach it from elsewhere with a {@link
 * io.quorate.Client}.
 */
@NullMarked
package io.quorate;

import org.jspecify.annotations.NullMarked;
