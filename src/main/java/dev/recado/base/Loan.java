package dev.recado.base;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Memory that was lent for one message, from before it was read until the journal has it or it is refused. Given back
 * once; giving it back again does nothing. Safe for any thread.
 */
public interface Loan {

    /** As much once more, for a copy of the message; null where there is no room for it now. */
    @Nullable
    Loan another();

    void giveBack();

    /**
     * One for each of {@code count} copies of a message, the first of them {@code first}; none where nothing was lent
     * for it. Null, and {@code first} is given back, where there is no room for all.
     */
    static @Nullable List<Loan> copies(@Nullable Loan first, int count) {
        if (first == null) {
            return List.of();
        }
        List<Loan> all = new ArrayList<>(count);
        all.add(first);
        while (all.size() < count) {
            Loan more = first.another();
            if (more == null) {
                all.forEach(Loan::giveBack);
                return null;
            }
            all.add(more);
        }
        return all;
    }
}
