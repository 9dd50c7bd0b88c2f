package dev.recado.cli;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What became of a producer's messages by their places in the input, from 1: of those under way one bit each, of those
 * that were refused the first ranges. Guarded by whoever has it.
 */
final class SentLines {

    /** Bits that are done with before the others move down. */
    private static final int DONE_MAX = 1 << 16;

    private final BitSet counted = new BitSet();
    private final LineRanges refused = new LineRanges();
    /** Line of the first bit. */
    private long base = 1;

    private long next = 1;
    /** Where the input was left, or 0. */
    private long leftFrom;

    /** One more line is on its way: its number. */
    long onSent() {
        return next++;
    }

    /** The last line was not sent after all. */
    void onNotSent() {
        next--;
    }

    /** Nothing is sent any more although there may be more of the input. */
    void onLeft() {
        leftFrom = next;
    }

    void onCounted(long line, boolean stored) {
        counted.set((int) (line - base));
        if (!stored) {
            refused.add(line);
        }
        int done = counted.nextClearBit(0);
        if (done >= DONE_MAX) {
            BitSet rest = counted.get(done, counted.length());
            counted.clear();
            counted.or(rest);
            base += done;
        }
    }

    /**
     * What to tell of those that were not stored, none where all were: {@code unknown} of those that are not counted
     * went out. {@code input} is the name of a file of lines; null where the messages were made up or typed.
     */
    List<String> report(long unknown, @Nullable String input, String topic) {
        LineRanges open = new LineRanges();
        LineRanges again = new LineRanges();
        again.addAll(refused);
        for (int bit = counted.nextClearBit(0); base + bit < next; bit = counted.nextClearBit(bit + 1)) {
            (open.count() < unknown ? open : again).add(base + bit);
        }
        String what = input == null ? "messages" : "lines";
        List<String> told = new ArrayList<>();
        if (open.count() > 0) {
            told.add("stored or not, nobody knows: " + what + " " + open);
        }
        if (again.count() > 0) {
            told.add("not stored: " + what + " " + again);
        }
        if (leftFrom > 0 && input != null) {
            told.add("not sent: from line " + leftFrom + " on");
        }
        if (input != null && (again.count() > 0 || leftFrom > 0)) {
            String rest = leftFrom == 0 ? "" : (again.count() > 0 ? ";" : "") + leftFrom + ",$p";
            told.add("to send these again: sed -n '" + again.sed() + rest + "' " + input + " | recado producer --topic "
                    + topic);
        }
        return told;
    }
}
