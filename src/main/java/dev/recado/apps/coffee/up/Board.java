package dev.recado.apps.coffee.up;

import java.io.PrintWriter;
import java.util.List;

/**
 * Where {@code up} shows how its processes are: on a terminal a table that is written over, with what is to be
 * remembered above it; elsewhere a line for each change. Used by one thread.
 */
public final class Board {

    private static final String CLEAR_BELOW = "\033[J";

    private final PrintWriter out;
    private final boolean isTerminal;
    private List<NodeView> shown = List.of();
    private String head = "";
    private int tableLines;

    public Board(PrintWriter out, boolean isTerminal) {
        this.out = out;
        this.isTerminal = isTerminal;
    }

    /** A line that stays. */
    void tell(String line) {
        wipe();
        out.println("up: " + line);
        if (isTerminal) {
            draw();
        }
        out.flush();
    }

    /** Shows {@code views} where they are not what is shown. */
    void show(String newHead, List<NodeView> views) {
        if (views.equals(shown) && newHead.equals(head)) {
            return;
        }
        List<String> changes = NodeView.changes(shown, views);
        boolean hasNewHead = !newHead.equals(head);
        shown = List.copyOf(views);
        head = newHead;
        if (isTerminal) {
            wipe();
            draw();
        } else {
            if (hasNewHead) {
                out.println("up: " + head);
            }
            changes.forEach(line -> out.println("up: " + line));
        }
        out.flush();
    }

    /** Takes the table away: what it shows no longer holds. */
    void clear() {
        wipe();
        shown = List.of();
        head = "";
        out.flush();
    }

    private void wipe() {
        if (tableLines > 0) {
            out.print("\033[" + tableLines + "F" + CLEAR_BELOW);
            tableLines = 0;
        }
    }

    private void draw() {
        if (!shown.isEmpty()) {
            List<String> lines = NodeView.table(shown);
            out.println(head);
            lines.forEach(out::println);
            tableLines = lines.size() + 1;
        }
    }
}
