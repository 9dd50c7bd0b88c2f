package dev.recado.core.group;

import org.jspecify.annotations.Nullable;

/**
 * Of a group that hands out by the level of messages: which of the offsets that are due has which level. What is known
 * ends at an offset that moves up as somebody tells the levels in order; below it each offset that is due or goes alone
 * is in one of the two sets here too. Of the owner of the group.
 */
final class Levels {

    private static final int NONE = LevelSets.NONE;

    final int top;
    /** What is due. */
    final LevelSets ready;
    /** What was put aside to go alone. */
    final LevelSets alone;
    /** The level of what lies below is known, as far as it is not finished. */
    long known;
    /** Known is as much as there is memory for: the rest waits, and what is known goes on. */
    boolean full;

    Levels(int top, long known) {
        this.top = top;
        this.known = known;
        ready = new LevelSets(top);
        alone = new LevelSets(top);
    }

    /** Nothing at or above {@code offset} is known, and nothing below is left. */
    void restart(long offset) {
        ready.clear();
        alone.clear();
        known = offset;
        full = false;
    }

    /** It came back. */
    void onDue(int level, long offset) {
        if (offset < known) {
            ready.add(level, offset);
        }
    }

    /** It is put aside to go alone. */
    void onAlone(int level, long offset) {
        alone.add(level, offset);
    }

    /** What was put aside is due as all others. */
    void joinAlone() {
        for (int level = alone.highest(); level != NONE; level = alone.highest()) {
            ready.add(level, alone.first(level));
            alone.remove(alone.first(level));
        }
    }

    /** Whether the first that goes alone comes before all others. */
    boolean isAloneNext() {
        int level = alone.highest();
        int other = ready.highest();
        return level > other || level == other && level != NONE && alone.first(level) < ready.first(level);
    }

    /** It is due no longer, nor does it go alone. Answers its level, or {@link LevelSets#NONE}. */
    int remove(long offset) {
        int level = ready.remove(offset);
        return level == NONE ? alone.remove(offset) : level;
    }

    void removeRange(long from, long to) {
        ready.removeRange(from, to);
        alone.removeRange(from, to);
    }

    int rangeCount() {
        return ready.rangeCount() + alone.rangeCount();
    }

    /** The oldest of the lowest level, or {@link LevelSets#NONE}. */
    long least() {
        int level = ready.lowestFrom(0);
        int other = alone.lowestFrom(0);
        if (other == NONE || level != NONE && level < other) {
            return ready.first(level);
        }
        return level == other ? Math.min(ready.first(level), alone.first(other)) : alone.first(other);
    }

    /** The oldest of a level, or {@link LevelSets#NONE}. */
    long first(int level) {
        long one = ready.first(level);
        long other = alone.first(level);
        return one == NONE || other != NONE && other < one ? other : one;
    }

    /** The lowest level at or above {@code level} of which something is here, or {@link LevelSets#NONE}. */
    int lowestFrom(int level) {
        int one = ready.lowestFrom(level);
        int other = alone.lowestFrom(level);
        return one == NONE || other != NONE && other < one ? other : one;
    }

    /** About how much memory that takes; {@code levels} may be null. */
    static int rangesOf(@Nullable Levels levels) {
        return levels == null ? 0 : levels.rangeCount();
    }
}
