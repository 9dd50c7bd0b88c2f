/**
 * Where shards, sessions and the journal meet: start and stop, group commit, checkpoints, recovery, retention, the
 * catalog's log. All of it runs on ports; a few classes fill these with Vert.x and threads.
 */
@NullMarked
package dev.recado.node;

import org.jspecify.annotations.NullMarked;
