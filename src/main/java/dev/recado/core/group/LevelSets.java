package dev.recado.core.group;

import dev.recado.base.RangeSet;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Offsets by their level, 0 to 255: one sorted set for each level in use, and a bit for each that is not empty. Of the
 * owner of the group. The sets have no bound of their own: their owner looks at {@link #rangeCount()}.
 */
final class LevelSets {

    static final int NONE = -1;

    private final @Nullable RangeSet[] sets;
    private final long[] used = new long[4];
    private int ranges;

    /** For levels 0 to {@code top}. */
    LevelSets(int top) {
        sets = new RangeSet[top + 1];
    }

    boolean isEmpty() {
        return highest() == NONE;
    }

    /** Ranges of all levels. */
    int rangeCount() {
        return ranges;
    }

    /** The highest level with an offset, or {@link #NONE}. */
    int highest() {
        for (int word = used.length - 1; word >= 0; word--) {
            if (used[word] != 0) {
                return (word << 6) + 63 - Long.numberOfLeadingZeros(used[word]);
            }
        }
        return NONE;
    }

    /** The lowest level at or above {@code level} with an offset, or {@link #NONE}. */
    int lowestFrom(int level) {
        for (int at = level; at < sets.length; at = (at | 63) + 1) {
            long rest = used[at >> 6] >>> at;
            if (rest != 0) {
                return at + Long.numberOfTrailingZeros(rest);
            }
        }
        return NONE;
    }

    /** The lowest offset of a level, or {@link #NONE}. */
    long first(int level) {
        RangeSet set = level == NONE ? null : sets[level];
        return set == null ? NONE : set.first();
    }

    /** The lowest offset of the highest level, or {@link #NONE}. */
    long first() {
        return first(highest());
    }

    void add(int level, long offset) {
        RangeSet set = sets[level];
        if (set == null) {
            set = new RangeSet();
            sets[level] = set;
        }
        int before = set.rangeCount();
        set.add(offset);
        onChanged(level, set, before);
    }

    /** Takes an offset out of its level, and answers that; {@link #NONE} where it is not here. */
    int remove(long offset) {
        int likely = highest();
        if (first(likely) == offset) {
            return removeRange(likely, offset, offset + 1) > 0 ? likely : NONE;
        }
        for (int level = lowestFrom(0); level != NONE; level = lowestFrom(level + 1)) {
            if (removeRange(level, offset, offset + 1) > 0) {
                return level;
            }
        }
        return NONE;
    }

    /** Removes {@code from} up to but not including {@code to} from every level. */
    void removeRange(long from, long to) {
        for (int level = lowestFrom(0); level != NONE; level = lowestFrom(level + 1)) {
            removeRange(level, from, to);
        }
    }

    private long removeRange(int level, long from, long to) {
        RangeSet set = sets[level];
        if (set == null) {
            return 0;
        }
        int before = set.rangeCount();
        long removed = set.removeRange(from, to);
        onChanged(level, set, before);
        return removed;
    }

    private void onChanged(int level, RangeSet set, int rangesBefore) {
        ranges += set.rangeCount() - rangesBefore;
        long bit = 1L << level;
        used[level >> 6] = set.isEmpty() ? used[level >> 6] & ~bit : used[level >> 6] | bit;
    }

    void clear() {
        Arrays.fill(sets, null);
        Arrays.fill(used, 0);
        ranges = 0;
    }
}
