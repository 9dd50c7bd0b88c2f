package dev.recado.fuzz;

import java.util.List;

/**
 * A conversation that a seed has made: what several sessions do, one after the other.
 *
 * @param voices how many sessions
 * @param farewell what a session that comes last says: it asks for everything, and at times clears up
 */
public record Script(long seed, int voices, List<Step> steps, List<Step> farewell) {}
