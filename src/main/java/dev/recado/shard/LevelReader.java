package dev.recado.shard;

import dev.recado.core.group.MessageLevels;
import dev.recado.core.group.PartitionGroup;
import java.util.Objects;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Tells the group of a queue with priorities how high each message is, in the order of the log and before any is handed
 * out: of what is in memory in the turn in which it is committed, of what only segments hold, after a start, once
 * somebody is there who needs to know. Owned by the partition's loop.
 */
final class LevelReader {

    /** Messages of one turn before others get theirs. */
    private static final int STEPS_A_TURN = 16_384;

    private final PartitionContext partition;
    private final OpenGroups groups;
    private final BooleanSupplier drops;
    private final int top;
    private final Finder finder;
    private @Nullable GroupOwner group;
    private @Nullable MessageLevels levels;

    private LevelReader(PartitionContext partition, OpenGroups groups, BooleanSupplier drops, int top) {
        this.partition = partition;
        this.groups = groups;
        this.drops = drops;
        this.top = top;
        finder = new Finder(partition, partition::markDirty);
    }

    /** For the messages of the partition's topic, which {@code drops} some for new ones; null where all are equal. */
    static @Nullable LevelReader of(PartitionContext partition, OpenGroups groups, BooleanSupplier drops) {
        int top = partition.topic().settings().priorities();
        return top == 0 ? null : new LevelReader(partition, groups, drops, top);
    }

    private enum Stand {
        /** All is known that there is memory for, or all that can be read. */
        KNOWN,
        /** Segments are being read; the partition gets a turn with what they bring. */
        READING,
        /** The rest is in segments, and nobody is there who needs it. */
        UNWANTED,
        /** Others get their turn. */
        SPENT
    }

    /** On each turn; answers whether what is handed out or dropped now is chosen among all messages. */
    boolean work() {
        Stand stand = read();
        if (stand == Stand.SPENT) {
            partition.markDirty();
        }
        return stand == Stand.KNOWN;
    }

    /** Whether a message may be asked for now; else {@code then} runs once it is worth asking again. */
    boolean isKnown(Runnable then) {
        Stand stand = read();
        if (stand == Stand.READING) {
            finder.whenFound(then);
        } else if (stand != Stand.KNOWN) {
            partition.shard().loop().execute(then);
        }
        return stand == Stand.KNOWN;
    }

    private Stand read() {
        GroupOwner[] all = groups.all();
        if (all.length == 0 || partition.closing()) {
            finder.release();
            return Stand.KNOWN;
        }
        // A queue has one group.
        if (all[0] != group) {
            group = all[0];
            levels = new MessageLevels(all[0].group(), top);
        }
        Stand stand = read(all[0], Objects.requireNonNull(levels));
        all[0].onProgress();
        if (stand != Stand.SPENT && stand != Stand.READING) {
            finder.release();
        }
        return stand;
    }

    private Stand read(GroupOwner of, MessageLevels to) {
        boolean isWanted = of.memberCount() > 0 || drops.getAsBoolean();
        int steps = 0;
        for (long offset = to.nextUnknown(); offset != PartitionGroup.NONE; offset = to.nextUnknown()) {
            if (!isWanted && partition.tail().find(offset) == null) {
                return Stand.UNWANTED;
            }
            if (steps++ == STEPS_A_TURN) {
                return Stand.SPENT;
            }
            Finder.Outcome outcome = finder.seek(offset);
            if (outcome == Finder.Outcome.LATER) {
                return Stand.READING;
            } else if (outcome == Finder.Outcome.DAMAGED) {
                return Stand.KNOWN;
            } else if (outcome == Finder.Outcome.MISSING) {
                of.finish(offset);
            } else {
                MessageCursor at = finder.cursor();
                to.tell(offset, at.priority(partition.shard().messageView()), at.length());
            }
        }
        return Stand.KNOWN;
    }
}
