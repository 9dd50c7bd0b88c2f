package dev.recado.transport.text;

import dev.recado.base.ByteWriter;
import dev.recado.base.Check;
import dev.recado.core.topic.Topic;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The answers that a session owes, in the order of its commands, whatever the order in which they become known. A ring
 * of primitive arrays: a publish that is confirmed costs no object.
 *
 * <p>A slot is named by its number, from 0, never reused. Publishes are found by their ticket as well. One owner.
 */
final class PendingReplies {

    /** Answers owed at most; who reaches it stops parsing. */
    static final int SLOTS_MAX = 65_536;

    private static final int SLOTS_IDLE = 4;
    private static final int SLOTS_KEPT = 1024;
    private static final byte WAITING = 0;
    private static final byte STORED = 1;
    private static final byte TEXT = 2;
    private static final byte NOTHING = 3;
    private static final byte MODE_EACH = 0;
    private static final byte MODE_RANGE = 1;
    private static final byte MODE_NONE = 2;
    /** Not a publish, or one that something else than its confirmation answers. */
    private static final byte MODE_OTHER = 3;

    private static final byte[] MSG_ID = ascii("OK:MSG_ID:");
    private static final byte[] MSG_IDS = ascii("OK:MSG_IDS:");
    private static final byte[] ROUTED = ascii("OK:ROUTED:");

    private int mask = SLOTS_IDLE - 1;
    private byte[] state = new byte[SLOTS_IDLE];
    private byte[] mode = new byte[SLOTS_IDLE];
    private int[] partition = new int[SLOTS_IDLE];
    private long[] offset = new long[SLOTS_IDLE];
    private long[] sequence = new long[SLOTS_IDLE];
    private long[] ticket = new long[SLOTS_IDLE];
    private @Nullable Object[] detail = new Object[SLOTS_IDLE];
    private long[] slotOfTicket = new long[SLOTS_IDLE];

    private long head;
    private long tail;
    /** Bytes of texts that wait to be written. */
    private long textBytes;

    /** The run of consecutive ids that CONFIRM:RANGE has gathered while draining. */
    private @Nullable Topic runTopic;

    private int runPartition;
    private long runFirst;
    private long runLast;

    private static byte[] ascii(String word) {
        return word.getBytes(StandardCharsets.US_ASCII);
    }

    /** Answers owed. */
    int size() {
        return (int) (tail - head);
    }

    boolean isEmpty() {
        return head == tail;
    }

    long textBytes() {
        return textBytes;
    }

    /** Opens a slot for an answer that {@link #settle} will give. */
    long open() {
        return open(-1, MODE_OTHER, -1, null);
    }

    /**
     * Opens a slot for a publish, answered by the outcome of {@code ticket}; {@code sequence} is -1 where not numbered.
     */
    long openPublish(long publishTicket, ConfirmMode confirmMode, long number, @Nullable Topic topic) {
        byte code =
                switch (confirmMode) {
                    case EACH -> MODE_EACH;
                    case RANGE -> MODE_RANGE;
                    case NONE -> MODE_NONE;
                };
        return open(publishTicket, code, number, topic);
    }

    /** Opens a slot for a request: a refusal of {@code ticket} answers it, a confirmation does not. */
    long openRequest(long publishTicket) {
        return open(publishTicket, MODE_OTHER, -1, null);
    }

    /** Opens a slot and answers it at once. */
    void add(String text) {
        settle(open(), text);
    }

    private long open(long publishTicket, byte slotMode, long number, @Nullable Topic topic) {
        if (tail - head > mask) {
            resize(state.length * 2);
        }
        int at = (int) tail & mask;
        state[at] = WAITING;
        mode[at] = slotMode;
        sequence[at] = number;
        ticket[at] = publishTicket;
        detail[at] = topic;
        if (publishTicket >= 0) {
            slotOfTicket[(int) publishTicket & mask] = tail;
        }
        return tail++;
    }

    boolean isWaiting(long slot) {
        return slot >= head && slot < tail && state[(int) slot & mask] == WAITING;
    }

    /** Whether nothing is owed before that slot: once it is settled it can be written. */
    boolean isNext(long slot) {
        return slot == head;
    }

    /** The slot that waits for {@code publishTicket}, or -1. */
    private long waiting(long publishTicket) {
        long slot = slotOfTicket[(int) publishTicket & mask];
        return isWaiting(slot) && ticket[(int) slot & mask] == publishTicket ? slot : -1;
    }

    /** A publish is stored under that id. */
    void confirmed(long publishTicket, int partitionIndex, long storedOffset) {
        long slot = waiting(publishTicket);
        if (slot < 0 || mode[(int) slot & mask] == MODE_OTHER) {
            return;
        }
        int at = (int) slot & mask;
        state[at] = mode[at] == MODE_NONE ? NOTHING : STORED;
        partition[at] = partitionIndex;
        offset[at] = storedOffset;
    }

    /** A publish through an exchange is stored in {@code topics} topics. */
    void routed(long publishTicket, int topics) {
        long slot = waiting(publishTicket);
        if (slot < 0) {
            return;
        }
        int at = (int) slot & mask;
        state[at] = mode[at] == MODE_NONE ? NOTHING : STORED;
        partition[at] = -1;
        offset[at] = topics;
    }

    /** A publish is refused with that line; answers its slot, or -1 where none waits for it. */
    long refused(long publishTicket, String line) {
        long slot = waiting(publishTicket);
        if (slot >= 0) {
            settleError(slot, line);
        }
        return slot;
    }

    /** Settles with an error, which bears the number of a numbered publish. */
    void settleError(long slot, String line) {
        long number = sequence[(int) slot & mask];
        settle(slot, number >= 0 ? line + " seq=" + number : line);
    }

    /** Settles with one line or several, without the last line end. */
    void settle(long slot, String text) {
        textBytes += text.length();
        settle(slot, (Object) text);
    }

    /** Settles with something encoded when its turn comes; it counts as {@code bytes} until then. */
    void settle(long slot, Reply reply, int bytes) {
        Check.that(bytes >= 0, "negative size", bytes);
        int at = (int) slot & mask;
        textBytes += bytes;
        partition[at] = bytes;
        settle(slot, reply);
    }

    /** Settles without an answer. */
    void settleSilently(long slot) {
        Check.that(isWaiting(slot), "slot is not waiting", slot);
        int at = (int) slot & mask;
        state[at] = NOTHING;
        detail[at] = null;
    }

    /** Gives up what is not known yet: it stays unanswered. */
    void abandonWaiting() {
        for (long slot = head; slot < tail; slot++) {
            if (isWaiting(slot)) {
                settleSilently(slot);
            }
        }
    }

    private void settle(long slot, Object answer) {
        Check.that(isWaiting(slot), "slot is not waiting", slot);
        int at = (int) slot & mask;
        state[at] = TEXT;
        detail[at] = answer;
    }

    /** Writes the answers that are known up to the first that is not, until {@code out} holds {@code bytesMax}. */
    void drain(ByteWriter out, int bytesMax) {
        while (head < tail && out.size() < bytesMax) {
            int at = (int) head & mask;
            byte now = state[at];
            if (now == WAITING) {
                break;
            }
            if (now == STORED && mode[at] == MODE_RANGE && partition[at] >= 0) {
                extendRun(out, at);
            } else if (now != NOTHING) {
                endRun(out);
                write(out, at, now);
            }
            detail[at] = null;
            head++;
        }
        endRun(out);
        if (head == tail && state.length > SLOTS_KEPT) {
            resize(SLOTS_IDLE);
        }
    }

    private void write(ByteWriter out, int at, byte now) {
        Object answer = detail[at];
        if (now == STORED && partition[at] < 0) {
            out.put(ROUTED).putDecimal(offset[at]).put('\n');
        } else if (now == STORED) {
            out.put(MSG_ID);
            writeId(out, (Topic) answer, partition[at], offset[at]);
            out.put('\n');
        } else if (answer instanceof Reply reply) {
            textBytes -= partition[at];
            reply.writeTo(out);
        } else if (answer instanceof String text) {
            textBytes -= text.length();
            out.put(text.getBytes(StandardCharsets.UTF_8)).put('\n');
        }
    }

    private void extendRun(ByteWriter out, int at) {
        Topic topic = (Topic) detail[at];
        boolean continues = runTopic != null
                && topic != null
                && runTopic.id() == topic.id()
                && runPartition == partition[at]
                && runLast + 1 == offset[at];
        if (!continues) {
            endRun(out);
            runTopic = topic;
            runPartition = partition[at];
            runFirst = offset[at];
        }
        runLast = offset[at];
    }

    private void endRun(ByteWriter out) {
        Topic topic = runTopic;
        if (topic == null) {
            return;
        }
        if (runFirst == runLast) {
            out.put(MSG_ID);
        } else {
            out.put(MSG_IDS);
            writeId(out, topic, runPartition, runFirst);
            out.put(':');
        }
        writeId(out, topic, runPartition, runLast);
        out.put('\n');
        runTopic = null;
    }

    private static void writeId(ByteWriter out, @Nullable Topic topic, int partitionIndex, long messageOffset) {
        MessageId.write(out, topic == null ? 1 : topic.partitionCount(), partitionIndex, messageOffset);
    }

    private void resize(int capacity) {
        Check.that(capacity >= size(), "answers do not fit", capacity, size());
        PendingReplies old = new PendingReplies();
        old.adopt(this);
        allocate(capacity);
        for (long slot = head; slot < tail; slot++) {
            int from = (int) slot & old.mask;
            int to = (int) slot & mask;
            state[to] = old.state[from];
            mode[to] = old.mode[from];
            partition[to] = old.partition[from];
            offset[to] = old.offset[from];
            sequence[to] = old.sequence[from];
            ticket[to] = old.ticket[from];
            detail[to] = old.detail[from];
            if (ticket[to] >= 0) {
                slotOfTicket[(int) ticket[to] & mask] = slot;
            }
        }
    }

    private void adopt(PendingReplies other) {
        mask = other.mask;
        state = other.state;
        mode = other.mode;
        partition = other.partition;
        offset = other.offset;
        sequence = other.sequence;
        ticket = other.ticket;
        detail = other.detail;
    }

    private void allocate(int capacity) {
        mask = capacity - 1;
        state = new byte[capacity];
        mode = new byte[capacity];
        partition = new int[capacity];
        offset = new long[capacity];
        sequence = new long[capacity];
        ticket = new long[capacity];
        Arrays.fill(ticket, -1);
        detail = new Object[capacity];
        slotOfTicket = new long[capacity];
        Arrays.fill(slotOfTicket, -1);
    }
}
