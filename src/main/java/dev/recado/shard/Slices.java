package dev.recado.shard;

import java.util.Arrays;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Whose the messages of a run are: slices in their order, each of one publisher with tickets in a row. Nearly always
 * one, which takes no arrays. One owner.
 */
final class Slices {

    private static final Receipts[] NO_RECEIPTS = {};
    private static final long[] NO_LONGS = {};
    private static final int[] NO_INTS = {};

    private int count;
    private @Nullable Receipts firstReceipts;
    private long firstTicket;
    private int firstMessages;
    private int firstBytes;
    /** Those behind the first. */
    private Receipts[] receipts = NO_RECEIPTS;

    private long[] tickets = NO_LONGS;
    private int[] messages = NO_INTS;
    private int[] bytes = NO_INTS;

    int count() {
        return count;
    }

    Receipts receipts(int slice) {
        return slice == 0 ? Objects.requireNonNull(firstReceipts) : receipts[slice - 1];
    }

    /** Of its first message. */
    long ticket(int slice) {
        return slice == 0 ? firstTicket : tickets[slice - 1];
    }

    int messages(int slice) {
        return slice == 0 ? firstMessages : messages[slice - 1];
    }

    int bytes(int slice) {
        return slice == 0 ? firstBytes : bytes[slice - 1];
    }

    /** The next message is {@code owner}'s. */
    void add(Receipts owner, long ticket, int length) {
        int last = count - 1;
        if (last >= 0 && receipts(last) == owner && ticket(last) + messages(last) == ticket) {
            grow(last, length);
            return;
        }
        count++;
        if (count == 1) {
            firstReceipts = owner;
            firstTicket = ticket;
            firstMessages = 1;
            firstBytes = length;
            return;
        }
        int at = last;
        if (at == receipts.length) {
            int places = Math.max(2, at * 2);
            receipts = Arrays.copyOf(receipts, places);
            tickets = Arrays.copyOf(tickets, places);
            messages = Arrays.copyOf(messages, places);
            bytes = Arrays.copyOf(bytes, places);
        }
        receipts[at] = owner;
        tickets[at] = ticket;
        messages[at] = 1;
        bytes[at] = length;
    }

    private void grow(int slice, int length) {
        if (slice == 0) {
            firstMessages++;
            firstBytes += length;
        } else {
            messages[slice - 1]++;
            bytes[slice - 1] += length;
        }
    }
}
