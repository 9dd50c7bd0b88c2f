package dev.recado.core.topic;

import dev.recado.base.ByteReader;
import dev.recado.base.ByteWriter;
import dev.recado.core.message.RunLayout;
import dev.recado.core.message.StoredRun;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The numbering producers of one partition, the longest silent first. Part of the state that committed runs make: its
 * time is their publish time, so that every node forgets alike. One owner.
 */
public final class ProducerTable {

    /** When the table is full, the longest silent producer makes room for a new one after so long: 10 minutes. */
    public static final long EVICT_AFTER_MS = 600_000;

    public static final int PRODUCERS_MAX = 16_384;
    /** Heap of all windows; new producers are refused from three quarters on, see {@link #admits}. */
    public static final long BYTES_MAX = 32L << 20;

    private static final long ENTRY_BYTES = 96;

    private final LinkedHashMap<String, ProducerWindow> windows = new LinkedHashMap<>();
    private long bytes;
    private long evictedCount;

    /** As {@link ProducerWindow#offsetOf}; {@link ProducerWindow#NOT_SEEN} for an unknown producer. */
    public long offsetOf(String producer, long sequence) {
        ProducerWindow window = windows.get(producer);
        return window == null ? ProducerWindow.NOT_SEEN : window.offsetOf(sequence);
    }

    /** As {@link ProducerWindow#next}; 0 for an unknown producer. */
    public long next(String producer) {
        ProducerWindow window = windows.get(producer);
        return window == null ? 0 : window.next();
    }

    public @Nullable ProducerWindow window(String producer) {
        return windows.get(producer);
    }

    /** Whether the producer is known or there is room for it: to be asked before its first message is appended. */
    public boolean admits(String producer, long nowMs) {
        if (windows.containsKey(producer) || (windows.size() < PRODUCERS_MAX && bytes < BYTES_MAX / 4 * 3)) {
            return true;
        }
        return nowMs - eldest().lastUsedMs() >= EVICT_AFTER_MS;
    }

    /** As {@link #record(String, long, int, int, long, long)}; a run without a producer leaves no trace. */
    public void record(StoredRun run) {
        String producer = run.producer();
        if (producer != null) {
            record(producer, run.firstSequence(), run.stride(), run.count(), run.baseOffset(), run.logTimeMs());
        }
    }

    /**
     * Remembers a committed run. What is committed is always remembered: where the bounds are reached, the longest
     * silent producer is forgotten for it.
     */
    public void record(String producer, long firstSequence, int stride, int count, long firstOffset, long nowMs) {
        ProducerWindow window = windows.remove(producer);
        if (window == null) {
            window = new ProducerWindow();
        } else {
            bytes -= bytesOf(producer, window);
        }
        window.record(firstSequence, stride, count, firstOffset, nowMs);
        put(producer, window);
        while (windows.size() > 1 && (windows.size() > PRODUCERS_MAX || bytes > BYTES_MAX)) {
            removeEldest();
            evictedCount++;
        }
    }

    /** Forgets producers last heard of before {@code fromMs}; answers how many. */
    public int expireBefore(long fromMs) {
        int expired = 0;
        while (!windows.isEmpty() && eldest().lastUsedMs() < fromMs) {
            removeEldest();
            expired++;
        }
        return expired;
    }

    public int size() {
        return windows.size();
    }

    /** Producers forgotten before their time because the table was full. */
    public long evictedCount() {
        return evictedCount;
    }

    /** Roughly the heap that it takes. */
    public long bytes() {
        return bytes;
    }

    private void put(String producer, ProducerWindow window) {
        windows.put(producer, window);
        bytes += bytesOf(producer, window);
    }

    private static long bytesOf(String producer, ProducerWindow window) {
        return ENTRY_BYTES + producer.length() + window.bytes();
    }

    private ProducerWindow eldest() {
        return windows.values().iterator().next();
    }

    private void removeEldest() {
        Iterator<Map.Entry<String, ProducerWindow>> eldest = windows.entrySet().iterator();
        Map.Entry<String, ProducerWindow> entry = eldest.next();
        bytes -= bytesOf(entry.getKey(), entry.getValue());
        eldest.remove();
    }

    /** Version-less: the record that holds it carries the version. */
    public void encode(ByteWriter out) {
        out.putVarLong(windows.size());
        windows.forEach((producer, window) -> window.encode(out.putString(producer)));
    }

    /** Reads what {@link #encode} wrote; anything else turns {@code in.failed()} on. */
    public static ProducerTable decode(ByteReader in) {
        ProducerTable table = new ProducerTable();
        int count = in.readVarInt(PRODUCERS_MAX);
        for (int i = 0; i < count && !in.failed(); i++) {
            String producer = in.readString();
            // A name of that many bytes never has more characters.
            Decoding.require(
                    in, producer.length() <= RunLayout.PRODUCER_BYTES_MAX && !table.windows.containsKey(producer));
            ProducerWindow window = ProducerWindow.decode(in);
            if (!in.failed()) {
                table.put(producer, window);
            }
        }
        return table;
    }
}
