/**
 * Conversations of the text protocol made from a seed by something that knows the grammar and every state, and what the
 * broker owes for each command; how they are carried is left to the tests that play them.
 */
@NullMarked
package dev.recado.fuzz;

import org.jspecify.annotations.NullMarked;
