/** Builds and wires everything, orders start and stop; commands on a stopped data directory. */
@NullMarked
package dev.recado.app;

import org.jspecify.annotations.NullMarked;
