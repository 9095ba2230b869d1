package io.quorate.testkit.world;

/** What all processes of one simulation share. */
public record Setting(Agenda agenda, Weather weather, Trace trace, Incidents incidents) {}
