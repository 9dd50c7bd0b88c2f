package dev.recado.cli;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** What a broker did between two looks at its figures, and what is tight. */
final class NodeRates {

    private static final String SHARE = "bytes_";
    private static final String BOUND = "_max";
    private static final int TIGHT_PERCENT = 50;

    private final Map<String, Long> before;
    private final Map<String, Long> now;
    private final double seconds;

    /** {@code seconds} lie between the two, lines of {@code name=value}. */
    NodeRates(List<String> before, List<String> now, double seconds) {
        this.before = figures(before);
        this.now = figures(now);
        this.seconds = seconds;
    }

    private static Map<String, Long> figures(List<String> lines) {
        Map<String, Long> figures = new LinkedHashMap<>();
        for (String line : lines) {
            int equals = line.indexOf('=');
            if (equals > 0 && line.substring(equals + 1).matches("-?[0-9]{1,18}")) {
                figures.put(line.substring(0, equals), Long.parseLong(line.substring(equals + 1)));
            }
        }
        return figures;
    }

    private long value(String name) {
        return now.getOrDefault(name, 0L);
    }

    private long risen(String name) {
        return Math.max(0, value(name) - before.getOrDefault(name, 0L));
    }

    private double perSecond(String... names) {
        long all = 0;
        for (String name : names) {
            all += risen(name);
        }
        return all / seconds;
    }

    /** What a write to the journal took with its sync, in ms. */
    private double writeMs() {
        long groups = risen("journal_groups");
        return groups == 0 ? 0 : risen("journal_write_micros") / 1_000.0 / groups;
    }

    private static String tenths(double value) {
        return String.format(Locale.ROOT, "%.1f", value);
    }

    /** How full each share of the heap is that has a bound, in per cent, as JSON. */
    private String shares() {
        Map<String, String> percents = new LinkedHashMap<>();
        now.forEach((name, bytes) -> {
            long max = value(name + BOUND);
            if (name.startsWith(SHARE) && max > 0) {
                percents.put(name.substring(SHARE.length()), Long.toString(bytes * 100 / max));
            }
        });
        return Json.object(percents);
    }

    /** All of it as one JSON object. */
    String json() {
        Map<String, String> row = new LinkedHashMap<>();
        row.put("published-rate", tenths(perSecond("messages_published")));
        row.put("delivered-rate", tenths(perSecond("messages_delivered", "messages_tapped")));
        row.put("refused-rate", tenths(perSecond("messages_refused")));
        row.put("dropped-rate", tenths(perSecond("messages_dropped", "messages_tap_dropped")));
        row.put("dead-lettered-rate", tenths(perSecond("messages_dead_lettered")));
        row.put("synced-rate", tenths(perSecond("journal_syncs")));
        row.put("write-ms", tenths(writeMs()));
        row.put("sessions", Long.toString(value("sessions")));
        row.put("topics", Long.toString(value("topics")));
        row.put("disk-low", Long.toString(value("disk_low")));
        row.put("memory-low", Long.toString(value("memory_low")));
        row.put("groups-held-back", Long.toString(value("groups_held_back")));
        return Json.object(out -> {
            Json.writeFields(out, row);
            Json.writeRaw(out, "shares", shares());
        });
    }

    /** The same for people: a line of rates, and what is out of order. */
    List<String> lines() {
        List<String> lines = new ArrayList<>();
        lines.add("in " + tenths(perSecond("messages_published")) + "/s  out "
                + tenths(perSecond("messages_delivered", "messages_tapped")) + "/s  syncs "
                + tenths(perSecond("journal_syncs")) + "/s of " + tenths(writeMs()) + " ms  sessions "
                + value("sessions") + "  topics " + value("topics"));
        List<String> losses = new ArrayList<>();
        addRisen(losses, "refused", "messages_refused");
        addRisen(losses, "dropped", "messages_dropped", "messages_tap_dropped");
        addRisen(losses, "dead letters", "messages_dead_lettered");
        add(lines, losses);
        List<String> tight = new ArrayList<>();
        Json.fields(shares()).forEach((share, percent) -> {
            if (Integer.parseInt(percent) > TIGHT_PERCENT) {
                tight.add("memory " + share + " " + percent + " %");
            }
        });
        add(lines, tight);
        List<String> alarms = new ArrayList<>();
        if (value("disk_low") > 0) {
            alarms.add("DISK LOW: publishes are refused");
        }
        if (value("memory_low") > 0) {
            alarms.add("MEMORY LOW: publishes are refused");
        }
        if (value("groups_held_back") > 0) {
            alarms.add("groups held back: " + value("groups_held_back"));
        }
        add(lines, alarms);
        return lines;
    }

    private static void add(List<String> lines, List<String> parts) {
        if (!parts.isEmpty()) {
            lines.add(String.join("  ", parts));
        }
    }

    private void addRisen(List<String> parts, String word, String... names) {
        double rate = perSecond(names);
        if (rate > 0) {
            parts.add(word + " " + tenths(rate) + "/s");
        }
    }
}
