/** The replicated log of one shard as a pure state machine: an event in, effects out. */
@NullMarked
package dev.recado.replication;

import org.jspecify.annotations.NullMarked;
