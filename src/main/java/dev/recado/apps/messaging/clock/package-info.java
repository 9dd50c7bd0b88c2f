/** Lamport clocks, corrected wall clocks, and rounds of Berkeley's algorithm; pure. */
@NullMarked
package dev.recado.apps.messaging.clock;

import org.jspecify.annotations.NullMarked;
