/** Monitors that elect a leader, look after the health of nodes and start the dead ones again. */
@NullMarked
package dev.recado.apps.monitor;

import org.jspecify.annotations.NullMarked;
