package dev.recado.config;

import dev.recado.base.Check;
import dev.recado.base.Setting;
import dev.recado.transport.Transport;
import dev.recado.transport.Transports;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Every setting of the broker, in the order in which a person would read them; those of the transports are declared by
 * them. Immutable.
 *
 * <p>The table drives validation, {@code recado config}, {@code config/recado.yaml} and the table in the operations
 * page; tests hold the two files equal to it.
 */
public final class SettingTable {

    private static final long KIB = 1 << 10;
    private static final long MIB = 1 << 20;
    private static final long GIB = 1 << 30;
    private static final long TIB = 1L << 40;
    private static final long SECOND = 1_000;
    private static final long HOUR = 3_600 * SECOND;
    private static final long DAY = 24 * HOUR;
    private static final List<String> LEVELS = List.of("error", "warn", "info", "debug", "trace", "off");

    private static final SettingTable PROGRAM = new SettingTable(Transports.found());

    private final List<Transport> transports;
    private final List<Setting> all;

    /** With the rows of {@code transports}, in that order. */
    public SettingTable(List<Transport> transports) {
        this.transports = List.copyOf(transports);
        all = all(transports);
    }

    /** That of the transports which this program finds. */
    public static SettingTable ofProgram() {
        return PROGRAM;
    }

    /** Whose rows are in it. */
    public List<Transport> transports() {
        return transports;
    }

    /** All settings, sorted for readers. */
    public List<Setting> settings() {
        return all;
    }

    /** The setting of that key, or null. */
    public @Nullable Setting find(String key) {
        for (Setting setting : all) {
            if (setting.key().equals(key)) {
                return setting;
            }
        }
        return null;
    }

    /** The key that {@code unknown} was most likely meant to be, or null where nothing is near. */
    public @Nullable String suggest(String unknown) {
        String best = null;
        int bestDistance = Math.max(2, unknown.length() / 4) + 1;
        for (Setting setting : all) {
            int distance = distance(unknown, setting.key());
            if (distance < bestDistance) {
                best = setting.key();
                bestDistance = distance;
            }
        }
        return best;
    }

    private static List<Setting> all(List<Transport> transports) {
        List<Setting> rows = new ArrayList<>();
        addNode(rows);
        transports.forEach(transport -> rows.addAll(transport.settings()));
        SecurityConfig.addSettings(rows);
        addSessions(rows);
        TopicsConfig.addSettings(rows);
        GroupsConfig.addSettings(rows);
        addStorage(rows);
        addOperation(rows);
        Set<String> keys = new HashSet<>();
        rows.forEach(row -> Check.that(
                keys.add(row.key()),
                "a setting is declared twice key=" + row.key() + " transports="
                        + transports.stream().map(Transport::name).toList()));
        return List.copyOf(rows);
    }

    private static void addNode(List<Setting> rows) {
        rows.add(Setting.text("node.id", "n1", 1, 64, "Name of this node"));
        rows.add(Setting.text("node.data", "data", 1, 4096, "Data directory; `--data` is short for it"));
        rows.add(Setting.integer("node.event-loops", 0, 0, 256, "Event loops; 0 is one per core"));
        rows.add(Setting.choice(
                "node.io",
                "epoll",
                NodeConfig.IO,
                "What event loops wait for sockets with; what the machine does not have is replaced by the next one"));
    }

    private static void addSessions(List<Setting> rows) {
        rows.add(Setting.integer(
                "sessions.connections-max", 20_000, 1, 1_000_000, "Connections at once; more are refused"));
        rows.add(Setting.bytes(
                "sessions.unconfirmed-bytes",
                4 * MIB,
                64 * KIB,
                GIB,
                "Unconfirmed bytes of a session at which its socket is read no more"));
        rows.add(Setting.bytes("message.bytes-max", 16 * MIB, 1, 256 * MIB, "Largest message of any topic"));
        rows.add(Setting.duration(
                "publish.block-timeout",
                30 * SECOND,
                0,
                HOUR,
                "How long a publish waits for room in a full topic with overflow `block`"));
        rows.add(Setting.bytes(
                "publish.parked-bytes", MIB, 0, GIB, "Bytes of such waiting publishes that a session may have"));
        rows.add(Setting.duration(
                "producers.expire-after",
                7 * DAY,
                60 * SECOND,
                365 * DAY,
                "Silence after which the numbers of a producer are forgotten"));
    }

    private static void addStorage(List<Setting> rows) {
        rows.add(Setting.bytes("journal.file-bytes", 128 * MIB, MIB, GIB, "Size of a journal file"));
        rows.add(Setting.bytes(
                "journal.checkpoint-bytes",
                256 * MIB,
                MIB,
                TIB,
                "Journal written since the last checkpoint that starts the next"));
        rows.add(Setting.bytes(
                "journal.hard-bound-bytes",
                512 * MIB,
                2 * MIB,
                TIB,
                "Journal at which publishes wait for a checkpoint"));
        rows.add(Setting.bytes(
                "journal.segment-bytes", 64 * MIB, 64 * KIB, GIB, "Size at which a segment of a partition is sealed"));
        rows.add(Setting.bytes("disk.free-min", GIB, 0, 1024 * TIB, "Free space below which publishes are refused"));
        rows.add(Setting.duration(
                "disk.retention-every", 5 * SECOND, 50, HOUR, "How often is looked for what may be removed"));
    }

    private static void addOperation(List<Setting> rows) {
        rows.add(
                Setting.integer("memory.heap-mark-percent", 85, 50, 95, "Heap in use at which publishers are stopped"));
        rows.add(Setting.integer(
                "memory.tail-cache-percent",
                25,
                1,
                50,
                "Share of the heap, half for recent messages (at most 128 MiB), half for memory topics"));
        rows.add(Setting.text(
                "log.file", "recado.log", 0, 4096, "Operations log, relative to the data directory; empty for none"));
        rows.add(Setting.choice("log.level", "info", LEVELS, "What goes to the operations log"));
        rows.add(Setting.choice("log.console-level", "warn", LEVELS, "What goes to the console"));
        rows.add(Setting.bytes(
                "log.file-bytes-max",
                64 * MIB,
                64 * KIB,
                TIB,
                "Size at which the operations log rolls; three old ones are kept"));
        rows.add(Setting.text(
                "log.audit-file",
                "audit.log",
                0,
                4096,
                "Logins and acts of administration as JSON lines, relative to the data directory; empty for none"));
        rows.add(Setting.bytes(
                "log.audit-file-bytes-max",
                64 * MIB,
                64 * KIB,
                TIB,
                "Size at which the audit rolls; nine old ones are kept"));
        rows.add(Setting.text("cluster.members", "", 0, 4096, "Nodes of the cluster; must be empty in this version"));
    }

    /** Levenshtein distance: single-character changes that make {@code a} into {@code b}. */
    private static int distance(String a, String b) {
        int[] previous = new int[b.length() + 1];
        for (int j = 0; j <= b.length(); j++) {
            previous[j] = j;
        }
        for (int i = 1; i <= a.length(); i++) {
            int[] current = new int[b.length() + 1];
            current[0] = i;
            for (int j = 1; j <= b.length(); j++) {
                int change = previous[j - 1] + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                current[j] = Math.min(change, 1 + Math.min(previous[j], current[j - 1]));
            }
            previous = current;
        }
        return previous[b.length()];
    }
}
