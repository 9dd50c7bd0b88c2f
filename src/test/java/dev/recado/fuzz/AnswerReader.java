package dev.recado.fuzz;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableSet;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Reads what the broker says to one session and holds it against what is owed: each answer once, in order, pushes
 * between them. Where a line can be read as the answer of more than one command (a failed publish that is confirmed
 * only where it fails), every reading is followed, and a fault is what no reading explains. Thread-safe.
 */
final class AnswerReader implements Ear {

    private static final int SHOWN_CHARS_MAX = 200;

    private final String name;
    private final Transcript transcript;
    private final List<Expect> owed = new ArrayList<>();
    /** Where in {@link #owed} the next answer may belong, times two, plus one in the middle of a list. */
    private NavigableSet<Integer> readings = new TreeSet<>(List.of(0));

    private byte[] bytes = new byte[1024];
    private int from;
    private int to;
    /** Bytes of a payload with its line end that are still to be passed over. */
    private int passing;

    private boolean mayEnd;
    private boolean leaving;
    private boolean closed;
    private long sessionBugs;
    private @Nullable String fault;

    AnswerReader(String name, Transcript transcript) {
        this.name = name;
        this.transcript = transcript;
    }

    synchronized void expect(List<Expect> more) {
        owed.addAll(more);
    }

    /** The client hangs up: nothing more is owed. */
    synchronized void leave() {
        leaving = true;
    }

    @Override
    public synchronized void feed(byte[] data, int start, int length) {
        if (to + length > bytes.length) {
            byte[] larger = new byte[Math.max(2 * (to - from + length), bytes.length)];
            System.arraycopy(bytes, from, larger, 0, to - from);
            bytes = larger;
            to -= from;
            from = 0;
        }
        System.arraycopy(data, start, bytes, to, length);
        to += length;
        while (fault == null && step()) {
            // Goes on with the next line.
        }
        notifyAll();
    }

    @Override
    public synchronized void close() {
        closed = true;
        boolean due = readings.stream().anyMatch(at -> canEnd(at / 2));
        if (!leaving && !mayEnd && !due && fault == null) {
            fault = "the broker hung up, owed=" + next();
        }
        notifyAll();
    }

    @Override
    public synchronized void fail(String what) {
        fault = fault == null ? what : fault;
        notifyAll();
    }

    private boolean canEnd(int at) {
        return owed.subList(Math.min(at, owed.size()), owed.size()).contains(Expect.CLOSE);
    }

    /** Waits until nothing more is owed; answers what is wrong, or null. */
    synchronized @Nullable String await(long limitMs) throws InterruptedException {
        long deadline = System.nanoTime() + limitMs * 1_000_000;
        while (fault == null && !closed && !leaving && !isSettled()) {
            long left = (deadline - System.nanoTime()) / 1_000_000;
            if (left <= 0) {
                fault = "no answer within " + limitMs + " ms, owed=" + next();
                break;
            }
            wait(left);
        }
        return fault;
    }

    synchronized @Nullable String fault() {
        return fault;
    }

    /** Whether the session is over, for any reason. */
    synchronized boolean isOver() {
        return closed || leaving;
    }

    /** The counter of that name in the last STATS. */
    synchronized long sessionBugs() {
        return sessionBugs;
    }

    private boolean isSettled() {
        return closure().contains(2 * owed.size());
    }

    private String next() {
        int at = readings.first() / 2;
        return owed.subList(Math.min(at, owed.size()), Math.min(at + 5, owed.size())) + " of answer " + at;
    }

    private boolean step() {
        if (passing > 0) {
            int passed = Math.min(passing, to - from);
            passing -= passed;
            from += passed;
            return passed > 0 && passing == 0;
        }
        for (int end = from; end < to; end++) {
            if (bytes[end] == '\n') {
                String line = new String(bytes, from, end - from, StandardCharsets.ISO_8859_1);
                from = end + 1;
                onLine(line);
                return true;
            }
        }
        return false;
    }

    private void onLine(String line) {
        transcript.heard(name, line.length() > SHOWN_CHARS_MAX ? line.substring(0, SHOWN_CHARS_MAX) + "…" : line);
        if (line.startsWith("NOTIFY:MESSAGES_AVAILABLE:") || line.startsWith("END:")) {
            return;
        }
        if (line.startsWith("session_bugs=")) {
            sessionBugs = Long.parseLong(line.substring("session_bugs=".length()));
        }
        boolean push = line.startsWith("MSG:");
        if (push || line.startsWith("REP:")) {
            passing = Integer.parseInt(line.substring(line.lastIndexOf(':') + 1)) + 1;
        }
        if (!push) {
            advance(line);
        }
    }

    private void advance(String line) {
        boolean ends =
                line.startsWith("ERROR:Session replaced") || line.startsWith("ERROR:Not found: the consumer ended");
        NavigableSet<Integer> next = new TreeSet<>();
        for (int reading : closure()) {
            follow(reading, line, next);
        }
        if (ends) {
            mayEnd = true;
            next.addAll(readings);
        }
        if (next.isEmpty()) {
            fault = "not owed: <" + line + "> owed=" + next();
        } else {
            readings = next;
        }
    }

    /** The readings, and those in which publishes that need no answer had none. */
    private NavigableSet<Integer> closure() {
        NavigableSet<Integer> all = new TreeSet<>(readings);
        for (int reading : readings) {
            int at = reading / 2;
            while (reading % 2 == 0 && at < owed.size() && owed.get(at) == Expect.UNCONFIRMED) {
                at++;
                all.add(2 * at);
            }
        }
        return all;
    }

    private void follow(int reading, String line, Set<Integer> next) {
        int at = reading / 2;
        if (at == owed.size()) {
            return;
        }
        int behind = 2 * (at + 1);
        boolean error = line.startsWith("ERROR:");
        if (reading % 2 == 1) {
            next.add(line.equals(".") ? behind : reading);
            return;
        }
        boolean ok = line.startsWith("OK:") || line.equals("PONG") || line.startsWith("ACKED:");
        switch (owed.get(at)) {
            case LINE -> addIf(error || ok, behind, next);
            case ERROR, UNCONFIRMED -> addIf(error, behind, next);
            case PUBLISH -> addIf(error || isPublished(line), behind, next);
            case RANGE -> {
                int count = error || isPublished(line) ? 1 : rangeCount(line);
                addIf(count > 0 && isRange(at, count), 2 * (at + count), next);
            }
            case LIST -> {
                boolean ended = error || line.equals(".");
                addIf(ended || !ok, ended ? behind : reading + 1, next);
            }
            case REPLY -> addIf(error || line.startsWith("REP:"), behind, next);
            case PULLED -> addIf(error || !ok, behind, next);
            case CLOSE -> addIf(error, reading, next);
        }
    }

    private static void addIf(boolean good, int reading, Set<Integer> next) {
        if (good) {
            next.add(reading);
        }
    }

    private static boolean isPublished(String line) {
        return line.startsWith("OK:MSG_ID:") || line.startsWith("OK:ROUTED:");
    }

    private boolean isRange(int at, int count) {
        return at + count <= owed.size()
                && owed.subList(at, at + count).stream().allMatch(one -> one == Expect.RANGE);
    }

    /** How many messages {@code OK:MSG_IDS:<first>:<last>} confirms, or 0. */
    private static int rangeCount(String line) {
        String[] field = line.split(":", -1);
        if (!line.startsWith("OK:MSG_IDS:") || field.length != 4) {
            return 0;
        }
        long first = Long.parseLong(field[2].substring(field[2].indexOf('-') + 1));
        long last = Long.parseLong(field[3].substring(field[3].indexOf('-') + 1));
        return (int) (last - first + 1);
    }
}
