/**
 * The partitions, groups and progress of one shard: commands in, effects out, entries of the log applied. Without
 * threads and I/O; of its node it sees {@link ShardView} and {@link ShardEffects}, of sessions {@link MemberPort},
 * {@link Receipts} and {@link Asker}.
 */
@NullMarked
package dev.recado.shard;

import org.jspecify.annotations.NullMarked;
