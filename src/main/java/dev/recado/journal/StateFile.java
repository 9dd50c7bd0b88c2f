package dev.recado.journal;

import dev.recado.base.ByteReader;
import dev.recado.base.ByteWriter;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * The state of a checkpoint: how far the journal has been applied, and what its replay builds upon. Two files take
 * turns, so that the state before stays.
 *
 * <pre>
 *  0  int   magic            "RCST"
 *  4  byte  version          1, then three zero bytes
 *  8  long  sequence         counts states
 * 16  long  journalPosition  where replay begins
 * 24  int   sections
 * 28  per section: name (varint length, UTF-8), int length, bytes
 *     int   crc              CRC32C over everything before
 * </pre>
 */
public final class StateFile {

    static final int VERSION = 1;
    static final int MAGIC = 0x52435354;
    private static final int OVERHEAD_BYTES = 32;
    private static final int SECTIONS_MAX = 1024;
    private static final int FILE_BYTES_MAX = 1 << 30;
    private static final String[] NAMES = {"state-0", "state-1"};

    /**
     * What {@link #read} found.
     *
     * @param sequence counts states, from 1
     * @param journalPosition where replay begins
     * @param sections opaque bytes by name
     * @param fallback whether the other file is unreadable and may have been newer; worth a warning
     */
    public record State(long sequence, long journalPosition, Map<String, byte[]> sections, boolean fallback) {}

    private StateFile() {}

    /**
     * Writes a state over the older of the two. Durable on return; on failure both files are as before.
     *
     * @param journalPosition where replay begins from this state
     * @return the position from which on the journal has to be kept: where replay begins from the older of the two
     *     files, 0 where this was the first
     */
    public static long write(Disk disk, long journalPosition, Map<String, byte[]> sections) {
        @Nullable State zero = read(disk, NAMES[0]);
        @Nullable State one = read(disk, NAMES[1]);
        long sequenceZero = zero == null ? 0 : zero.sequence();
        long sequenceOne = one == null ? 0 : one.sequence();
        String target = NAMES[sequenceZero <= sequenceOne ? 0 : 1];
        long sequence = Math.max(sequenceZero, sequenceOne) + 1;
        AtomicFile.write(disk, target, encode(sequence, journalPosition, sections));
        @Nullable State before = sequenceZero <= sequenceOne ? one : zero;
        return before == null ? 0 : Math.min(before.journalPosition(), journalPosition);
    }

    /** What the larger of the two takes. */
    public static long bytes(Disk disk) {
        return Math.max(disk.size(NAMES[0]), disk.size(NAMES[1]));
    }

    /** The readable states, newest first. */
    public static List<State> readAll(Disk disk) {
        List<State> states = new ArrayList<>();
        for (String name : NAMES) {
            State state = read(disk, name);
            if (state != null) {
                states.add(state);
            }
        }
        states.sort(Comparator.comparingLong(State::sequence).reversed());
        return states;
    }

    /** Below which position of the journal none of {@code states}, all of those readable, needs anything. */
    public static long keptFrom(List<State> states) {
        return states.size() < NAMES.length
                ? 0
                : states.stream().mapToLong(State::journalPosition).min().orElse(0);
    }

    static byte[] encode(long sequence, long journalPosition, Map<String, byte[]> sections) {
        ByteWriter out = new ByteWriter(1024);
        out.putInt(MAGIC).putInt(VERSION << 24).putLong(sequence).putLong(journalPosition);
        out.putInt(sections.size());
        new TreeMap<>(sections)
                .forEach((name, bytes) ->
                        out.putString(name).putInt(bytes.length).put(bytes));
        CRC32C crc = new CRC32C();
        crc.update(out.array(), 0, out.size());
        return out.putInt((int) crc.getValue()).toByteArray();
    }

    /**
     * The newest readable state, or null where the journal goes back to its beginning, or was never written.
     *
     * @throws DamagedException where there is none that can be read, and the journal begins behind where one stood
     */
    public static @Nullable State read(Disk disk) {
        State newest = null;
        boolean unreadable = false;
        for (String name : NAMES) {
            State state = read(disk, name);
            unreadable |= state == null && disk.exists(name);
            newest = state != null && (newest == null || state.sequence() > newest.sequence()) ? state : newest;
        }
        if (newest == null) {
            checkBeginning(disk, unreadable);
            return null;
        }
        return new State(newest.sequence(), newest.journalPosition(), newest.sections(), unreadable);
    }

    /** Without a state the journal has to reach back to its beginning; a new directory has none of both. */
    private static void checkBeginning(Disk disk, boolean unreadable) {
        long first = JournalRecovery.firstPosition(disk);
        if (first > 0 || first < 0 && unreadable) {
            throw DamagedException.file(
                    NAMES[0],
                    0,
                    unreadable ? "no state file is readable" : "both state files are missing, which the journal needs");
        }
    }

    /** Names of the state files that exist and cannot be read. */
    public static List<String> unreadable(Disk disk) {
        List<String> names = new ArrayList<>();
        for (String name : NAMES) {
            if (disk.exists(name) && read(disk, name) == null) {
                names.add(name);
            }
        }
        return names;
    }

    private static @Nullable State read(Disk disk, String name) {
        if (!disk.exists(name)) {
            return null;
        }
        try (DiskFile file = disk.open(name, false)) {
            long size = file.size();
            if (size < OVERHEAD_BYTES || size > FILE_BYTES_MAX) {
                return null;
            }
            byte[] bytes = new byte[(int) size];
            return file.read(ByteBuffer.wrap(bytes), 0) == size ? decode(bytes) : null;
        }
    }

    static @Nullable State decode(byte[] bytes) {
        CRC32C crc = new CRC32C();
        crc.update(bytes, 0, bytes.length - Integer.BYTES);
        ByteReader in = new ByteReader(bytes, 0, bytes.length - Integer.BYTES);
        int expected = new ByteReader(bytes, bytes.length - Integer.BYTES, Integer.BYTES).readInt();
        if ((int) crc.getValue() != expected || in.readInt() != MAGIC || in.readInt() != VERSION << 24) {
            return null;
        }
        long sequence = in.readLong();
        long journalPosition = in.readLong();
        int count = in.readInt();
        Map<String, byte[]> sections = new LinkedHashMap<>();
        for (int i = 0; i < count && i < SECTIONS_MAX && !in.failed(); i++) {
            String name = in.readString();
            sections.put(name, in.readBytes(in.readInt()));
        }
        return in.consumed() ? new State(sequence, journalPosition, sections, false) : null;
    }
}
