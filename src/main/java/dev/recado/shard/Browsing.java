package dev.recado.shard;

import dev.recado.core.message.Browsed;
import java.util.ArrayList;
import java.util.List;

/**
 * Reads stored messages of one partition in order without touching any group, for somebody who asked.
 * Owned by the partition's loop.
 */
final class Browsing {

    /** Offsets looked at in one turn: where everybody had finished them, nothing is stored under many. */
    private static final int STEPS_MAX = 4_096;

    private final PartitionOwner owner;
    private final int countMax;
    private final long bytesMax;
    private final Asker from;
    private final long ticket;
    private final Finder finder;
    private final List<Browsed> found = new ArrayList<>();
    private long offset;
    private long bytes;

    Browsing(PartitionOwner owner, long offset, int countMax, long bytesMax, Asker from, long ticket) {
        this.owner = owner;
        this.offset = offset;
        this.countMax = countMax;
        this.bytesMax = bytesMax;
        this.from = from;
        this.ticket = ticket;
        this.finder = new Finder(owner, this::step);
    }

    void step() {
        if (!from.isThere()) {
            finder.release();
            from.answered(ticket, new PartitionAnswer.Found(List.of()));
            return;
        }
        for (int steps = 0; found.size() < countMax && bytes < bytesMax && offset < owner.end(); steps++) {
            if (steps == STEPS_MAX) {
                owner.shard().loop().execute(this::step);
                return;
            }
            Finder.Outcome outcome = finder.seek(offset);
            if (outcome == Finder.Outcome.LATER) {
                return;
            }
            if (outcome == Finder.Outcome.DAMAGED) {
                finder.release();
                from.answered(ticket, new PartitionAnswer.Damaged());
                return;
            }
            if (outcome == Finder.Outcome.FOUND) {
                MessageCursor cursor = finder.cursor();
                found.add(new Browsed(owner.partition().index(), offset, cursor.run(), cursor.position()));
                bytes += cursor.length();
            }
            offset++;
        }
        finder.release();
        from.answered(ticket, new PartitionAnswer.Found(found));
    }
}
