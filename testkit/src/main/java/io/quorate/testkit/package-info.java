/**
 * Tests for everyone who plugs something in. Start at {@link
 * io.quorate.testkit.contract.LogContract} and {@link
 * io.quorate.testkit.contract.TransportContract}: contracts to be extended by one small class each.
 * {@link io.quorate.testkit.disk.SimDisk} is a disk that fails on demand.
 *
 * <p>{@link io.quorate.testkit.Sim} runs whole replicas from one seed, for scenarios; {@link
 * io.quorate.testkit.SimRun} draws the scenario from the seed as well. {@link
 * io.quorate.testkit.Scenario} makes a test of one; {@link io.quorate.testkit.ConsensusScenarios}
 * are those that every protocol holds.
 */
@NullMarked
package io.quorate.testkit;

import org.jspecify.annotations.NullMarked;
