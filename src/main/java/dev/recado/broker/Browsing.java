package dev.recado.broker;

import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Reads stored messages of one partition in order without touching any group; brings null where they cannot be read.
 * Owned by the partition's loop.
 */
final class Browsing {

    /** Offsets looked at in one turn: where everybody had finished them, nothing is stored under many. */
    private static final int STEPS_MAX = 4_096;

    private final PartitionOwner owner;
    private final Wish wish;
    private final Consumer<@Nullable List<Browsed>> then;
    private final Finder finder;
    private final List<Browsed> found = new ArrayList<>();
    private long offset;
    private long bytes;

    /** How much is wanted, and, asked now and then, whether it still is. */
    record Wish(int countMax, long bytesMax, BooleanSupplier goesOn) {}

    Browsing(PartitionOwner owner, long from, Wish wish, Consumer<@Nullable List<Browsed>> then) {
        this.owner = owner;
        this.offset = from;
        this.wish = wish;
        this.then = then;
        this.finder = new Finder(owner, this::step);
    }

    void step() {
        if (!wish.goesOn().getAsBoolean()) {
            finder.release();
            then.accept(List.of());
            return;
        }
        for (int steps = 0;
                found.size() < wish.countMax() && bytes < wish.bytesMax() && offset < owner.end();
                steps++) {
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
                then.accept(null);
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
        then.accept(found);
    }
}
