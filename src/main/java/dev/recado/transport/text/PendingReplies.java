package dev.recado.transport.text;

import dev.recado.base.ByteWriter;
import dev.recado.base.Check;
import dev.recado.core.topic.Topic;
import dev.recado.transport.LargeOutput;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * The answers that a session owes, in the order of its commands, whatever the order in which they become known.
 * Neighbouring publishes to one partition share a place: what a batch of them costs here does not depend on its size.
 *
 * <p>A place is found by the number that {@link #open} gave, or by the ticket of a publish; both rise from the first
 * place to the last. One owner.
 */
final class PendingReplies {

    /** Answers owed at most; who reaches it stops parsing. */
    static final int ANSWERS_MAX = 65_536;

    /** Places are split downwards. */
    private static final long FIRST_PLACE = 1L << 32;

    private static final int PLACES_LEAST = 4;
    /** A ring that is empty keeps that many places while its session is busy; see {@link #onTick}. */
    private static final int PLACES_KEPT = 1024;

    private static final Owed[] NONE = {};

    private final PublishAnswers publishes = new PublishAnswers();
    /** A ring: places from {@link #head} up to {@link #tail}, which count on for ever. */
    private Owed[] ring = NONE;

    private long head = FIRST_PLACE;
    private long tail = FIRST_PLACE;
    private long nextNumber;
    private long nextTicket;
    private long answers;
    /** Bytes of texts that wait to be written. */
    private long textBytes;
    /** Whether something was drained since the last tick. */
    private boolean busy;

    /** Answers owed. */
    int size() {
        return (int) answers;
    }

    /** Places taken, at most one an answer. */
    int places() {
        return (int) (tail - head);
    }

    boolean isEmpty() {
        return head == tail;
    }

    long textBytes() {
        return textBytes;
    }

    /** Opens a place for an answer that {@link #settle} will give, and answers its number. */
    long open() {
        return add(nextTicket, null).number;
    }

    /** Opens a place for a request: a refusal of {@code ticket} answers it, a confirmation does not. */
    long openRequest(long ticket) {
        Owed owed = add(ticket, null);
        owed.publish = true;
        nextTicket = ticket + 1;
        return owed.number;
    }

    /**
     * Owes the answer to a publish, given by the outcome of {@code ticket}.
     *
     * @param sequence its number, -1 where it has none
     * @param topic null where it goes through an exchange
     */
    void openPublish(long ticket, ConfirmMode mode, long sequence, @Nullable Topic topic) {
        nextTicket = ticket + 1;
        Owed last = head == tail ? null : at(tail - 1);
        if (last != null && continues(last, ticket, mode, sequence, topic)) {
            last.count++;
            answers++;
            return;
        }
        Owed owed = add(ticket, mode);
        owed.publish = true;
        owed.sequence = sequence;
        owed.detail = topic;
    }

    private static boolean continues(Owed last, long ticket, ConfirmMode mode, long sequence, @Nullable Topic topic) {
        return last.publish
                && last.state == Owed.State.WAITING
                && last.mode == mode
                && last.detail == topic
                && topic != null
                && topic.partitionCount() == 1
                && last.ticket + last.count == ticket
                && (sequence < 0 ? last.sequence < 0 : last.sequence >= 0 && last.sequence + last.count == sequence);
    }

    /** Opens a place and answers it at once. */
    void add(String text) {
        settle(open(), text);
    }

    private Owed add(long ticket, @Nullable ConfirmMode mode) {
        makeRoom();
        Owed owed = fresh(tail++);
        owed.set(nextNumber++, ticket, mode);
        answers++;
        return owed;
    }

    boolean isWaiting(long number) {
        Owed owed = numbered(number);
        return owed != null && owed.state == Owed.State.WAITING;
    }

    /** Whether nothing is owed before that place: once it is settled it can be written. */
    boolean isNext(long number) {
        return head < tail && at(head).number == number;
    }

    /** {@code count} publishes are stored under consecutive offsets. */
    void confirmed(long firstTicket, int count, int partition, long firstOffset) {
        long ticket = firstTicket;
        long end = firstTicket + count;
        while (ticket < end) {
            long place = ticketed(ticket);
            int n = place < 0 ? 1 : (int) (Math.min(end, at(place).ticket + at(place).count) - ticket);
            if (place >= 0 && at(place).mode != null) {
                confirm(place, ticket, n, partition, firstOffset + ticket - firstTicket);
            }
            ticket += n;
        }
    }

    private void confirm(long place, long ticket, int n, int partition, long offset) {
        Owed before = place == head ? null : at(place - 1);
        boolean goesOn = before != null
                && before.goesOn(Owed.State.STORED, at(place), ticket)
                && before.detail == at(place).detail
                && before.partition == partition
                && before.offset + before.count == offset;
        if (goesOn) {
            giveToPlaceBefore(place, n);
            return;
        }
        Owed owed = isolate(place, ticket, n);
        owed.state = owed.mode == ConfirmMode.NONE ? Owed.State.SILENT : Owed.State.STORED;
        owed.partition = partition;
        owed.offset = offset;
    }

    /** A publish through an exchange is stored in {@code topics} topics. */
    void routed(long ticket, int topics) {
        long place = ticketed(ticket);
        if (place >= 0) {
            Owed owed = isolate(place, ticket, 1);
            owed.state = owed.mode == ConfirmMode.NONE ? Owed.State.SILENT : Owed.State.ROUTED;
            owed.offset = topics;
        }
    }

    /**
     * {@code count} publishes are refused with that line, which bears the number of each that is numbered; answers the
     * number of the first one's place, or -1 where none waits for it.
     */
    long refused(long firstTicket, int count, String line) {
        return refused(firstTicket, count, line, true);
    }

    private long refused(long firstTicket, int count, String line, boolean mayJoin) {
        long number = -1;
        long ticket = firstTicket;
        long end = firstTicket + count;
        while (ticket < end) {
            long place = ticketed(ticket);
            int n = place < 0 ? 1 : (int) (Math.min(end, at(place).ticket + at(place).count) - ticket);
            if (place >= 0) {
                number = number < 0 ? at(place).number : number;
                refuse(place, ticket, n, line, mayJoin);
            }
            ticket += n;
        }
        return number;
    }

    private void refuse(long place, long ticket, int n, String line, boolean mayJoin) {
        textBytes += (long) n * line.length();
        Owed before = !mayJoin || place == head ? null : at(place - 1);
        if (before != null && before.goesOn(Owed.State.REFUSED, at(place), ticket) && line.equals(before.detail)) {
            giveToPlaceBefore(place, n);
            return;
        }
        Owed owed = isolate(place, ticket, n);
        owed.state = Owed.State.REFUSED;
        owed.detail = line;
    }

    /** As {@link #refused} by the call that was to publish: the next publish takes the same ticket. */
    long refusedAtOnce(long ticket, String line) {
        long number = refused(ticket, 1, line, false);
        nextTicket = ticket;
        return number;
    }

    /** Settles with one line or several, without the last line end. */
    void settle(long number, String text) {
        settle(waiting(number), text);
    }

    private void settle(Owed owed, String text) {
        textBytes += text.length();
        owed.state = Owed.State.TEXT;
        owed.detail = text;
    }

    /** Settles with something encoded when its turn comes; it counts as {@code bytes} until then. */
    void settle(long number, Reply reply, int bytes) {
        Check.that(bytes >= 0, "negative size", bytes);
        Owed owed = waiting(number);
        textBytes += bytes;
        owed.offset = bytes;
        owed.state = Owed.State.TEXT;
        owed.detail = reply;
    }

    private Owed waiting(long number) {
        Owed owed = numbered(number);
        if (owed == null || owed.state != Owed.State.WAITING) {
            throw new AssertionError("place is not waiting value=" + number);
        }
        return owed;
    }

    /**
     * Gives up what is not known yet, and with it everything behind: an answer must not come in the place of an earlier
     * one. {@code farewell} says that the last place holds the session's last line, which is written all the same.
     */
    void abandon(boolean farewell) {
        long place = head;
        while (place < tail && at(place).state != Owed.State.WAITING) {
            place++;
        }
        for (; place < (farewell ? tail - 1 : tail); place++) {
            silence(at(place));
        }
    }

    private void silence(Owed owed) {
        if (owed.state == Owed.State.REFUSED && owed.detail instanceof String line) {
            textBytes -= (long) owed.count * line.length();
        } else if (owed.state == Owed.State.TEXT) {
            textBytes -= owed.detail instanceof String text ? text.length() : owed.offset;
        }
        owed.state = Owed.State.SILENT;
        owed.detail = null;
    }

    /**
     * Writes the answers that are known up to the first that is not, until {@code out} holds {@code bytesMax} or one is
     * under way in {@code large}.
     */
    void drain(ByteWriter out, int bytesMax, LargeOutput large) {
        while (head < tail && out.size() < bytesMax && !large.isUnderWay()) {
            Owed owed = at(head);
            if (owed.state == Owed.State.WAITING) {
                break;
            }
            if (owed.state == Owed.State.STORED && owed.mode == ConfirmMode.RANGE) {
                publishes.extendRun(out, owed);
            } else if (owed.state != Owed.State.SILENT) {
                publishes.endRun(out);
                if (!write(out, owed, bytesMax, large)) {
                    break;
                }
            }
            answers -= owed.count;
            owed.detail = null;
            head++;
        }
        publishes.endRun(out);
        busy = true;
        if (head == tail && ring.length > PLACES_KEPT) {
            ring = NONE;
        }
    }

    /** Lets go of the places of a session that fell idle; called now and then. */
    void onTick() {
        if (!busy && head == tail && ring.length > PLACES_LEAST) {
            ring = NONE;
        }
        busy = false;
    }

    /** Answers whether all of it went out; what is left of several is owed on. */
    private boolean write(ByteWriter out, Owed owed, int bytesMax, LargeOutput large) {
        if (owed.state == Owed.State.ROUTED) {
            PublishAnswers.writeRouted(out, owed);
        } else if (owed.state == Owed.State.STORED || owed.state == Owed.State.REFUSED) {
            return writeEach(out, owed, bytesMax);
        } else if (owed.detail instanceof Reply reply) {
            textBytes -= owed.offset;
            reply.writeTo(out, large);
        } else if (owed.detail instanceof String text) {
            textBytes -= text.length();
            out.put(text.getBytes(StandardCharsets.UTF_8)).put('\n');
        }
        return true;
    }

    private boolean writeEach(ByteWriter out, Owed owed, int bytesMax) {
        int written = PublishAnswers.writeEach(out, owed, bytesMax);
        textBytes -= owed.detail instanceof String text ? (long) written * text.length() : 0;
        if (written < owed.count) {
            owed.forgetFirst(written);
            answers -= written;
            return false;
        }
        return true;
    }

    // --- the ring

    private int index(long place) {
        return (int) place & ring.length - 1;
    }

    private Owed at(long place) {
        return ring[index(place)];
    }

    private Owed fresh(long place) {
        int at = index(place);
        Owed owed = ring[at];
        if (owed == null) {
            owed = new Owed();
            ring[at] = owed;
        }
        return owed;
    }

    /** The place that waits for {@code ticket}, or -1. */
    private long ticketed(long ticket) {
        if (head == tail || ticket < at(head).ticket) {
            return -1;
        }
        // Exact where every place before it has one ticket, else too far.
        long high = Math.min(tail - 1, head + ticket - at(head).ticket);
        long low = head;
        if (at(high).ticket <= ticket && (high + 1 == tail || at(high + 1).ticket > ticket)) {
            low = high;
        } else {
            high = tail - 1;
        }
        while (low < high) {
            long middle = low + high + 1 >>> 1;
            if (at(middle).ticket <= ticket) {
                low = middle;
            } else {
                high = middle - 1;
            }
        }
        Owed owed = at(low);
        boolean found = owed.publish && owed.state == Owed.State.WAITING && ticket - owed.ticket < owed.count;
        return found ? low : -1;
    }

    private @Nullable Owed numbered(long number) {
        long low = head;
        long high = tail - 1;
        while (low < high) {
            long middle = low + high >>> 1;
            if (at(middle).number < number) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low == high && at(low).number == number ? at(low) : null;
    }

    /** The place before says of the first {@code n} tickets of {@code place} what is to be said. */
    private void giveToPlaceBefore(long place, int n) {
        at(place - 1).count += n;
        at(place).forgetFirst(n);
        if (at(place).count == 0) {
            at(place).state = Owed.State.SILENT;
        }
    }

    /** Parts {@code place} until one place stands for {@code n} tickets from {@code ticket} on, and answers that. */
    private Owed isolate(long place, long ticket, int n) {
        if (at(place).ticket < ticket) {
            splitFirst(place, (int) (ticket - at(place).ticket));
        }
        if (at(place).count > n) {
            splitFirst(place, n);
            return at(place - 1);
        }
        return at(place);
    }

    /**
     * Moves the first {@code n} tickets of {@code place} to a place of their own before it. What stands before moves
     * down: confirmations come in order, so that is little.
     */
    private void splitFirst(long place, int n) {
        makeRoom();
        Owed part = fresh(head - 1);
        for (long other = head; other < place; other++) {
            ring[index(other - 1)] = at(other);
        }
        head--;
        ring[index(place - 1)] = part;
        at(place).giveFirst(n, part);
    }

    private void makeRoom() {
        if (tail - head < ring.length) {
            return;
        }
        Owed[] old = ring;
        ring = new Owed[Math.max(PLACES_LEAST, old.length * 2)];
        for (long place = head; place < tail; place++) {
            ring[index(place)] = old[(int) place & old.length - 1];
        }
    }
}
