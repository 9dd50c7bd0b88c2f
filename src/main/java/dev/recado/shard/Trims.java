package dev.recado.shard;

import dev.recado.base.ByteWriter;
import dev.recado.core.message.EntryType;

/**
 * Moves log starts up: by a committed {@code TRIM} entry, after which segments below may go. The progress that a trim
 * rests on stands before it in the log. Called on the partition's loop.
 *
 * <p>Body of a {@code TRIM} entry: partition (int), new log start (long).
 */
final class Trims {

    private Trims() {}

    static void trim(PartitionContext owner, long offset) {
        trim(owner, offset, Proposed.NOTHING);
    }

    static void trim(PartitionContext owner, long offset, Runnable onDone) {
        if (owner.closing() || offset <= owner.logStart()) {
            onDone.run();
            return;
        }
        if (owner.inMemoryOnly()) {
            owner.trimTo(offset);
            onDone.run();
            return;
        }
        if (!owner.startTrim(offset)) {
            if (onDone != Proposed.NOTHING) {
                owner.shard().progress().writeDurably(onDone); // behind the trim that is under way
            }
            return;
        }
        owner.shard().progress().write();
        ByteWriter body = new ByteWriter(16);
        body.putInt(owner.partition().id()).putLong(offset);
        owner.shard().propose(EntryType.TRIM, body.toByteArray(), () -> {
            if (!owner.closing()) {
                owner.effects().deleteBelow(owner.partition().id(), owner.logStart());
            }
            onDone.run();
        });
    }
}
