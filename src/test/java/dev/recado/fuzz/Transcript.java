package dev.recado.fuzz;

import java.util.ArrayList;
import java.util.List;

/** What was said by whom, in the order in which this side saw it. Thread-safe. */
final class Transcript {

    private static final int LINES_MAX = 2_000;

    private final List<String> lines = new ArrayList<>();

    synchronized void said(String name, String text) {
        add(name + "> " + text.replace("\r", "\\r").stripTrailing().replace("\n", "\n" + name + "> "));
    }

    synchronized void heard(String name, String line) {
        add(name + "< " + line);
    }

    synchronized void note(String name, String what) {
        add(name + "! " + what);
    }

    private void add(String line) {
        if (lines.size() < LINES_MAX) {
            lines.add(line);
        }
    }

    @Override
    public synchronized String toString() {
        return String.join("\n", lines);
    }
}
