package dev.recado.apps.coffee;

import java.io.PrintWriter;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * One line on a terminal that is written over, with a bar where it tells a share; elsewhere a line for each text, and
 * for each tenth of a share. Repeats are not told.
 */
final class ProgressLine {

    private static final Pattern SHARE = Pattern.compile("(.*?)(\\d{1,3}) %");
    private static final int BAR_CHARS = 40;

    private static final int TENTH = 10;

    private final PrintWriter to;
    private final boolean isTerminal;
    private String last = "";
    private int tenths = -1;
    private boolean isBegun;

    ProgressLine(PrintWriter to, boolean isTerminal) {
        this.to = to;
        this.isTerminal = isTerminal;
    }

    void show(String text) {
        if (text.equals(last)) {
            return;
        }
        last = text;
        Matcher share = SHARE.matcher(text);
        if (!isTerminal) {
            showLine(text, share);
            return;
        }
        isBegun = true;
        String shown = text;
        if (share.matches()) {
            int percent = Math.min(100, Integer.parseInt(share.group(2)));
            int filled = percent * BAR_CHARS / 100;
            shown = share.group(1) + "[" + "#".repeat(filled) + ".".repeat(BAR_CHARS - filled) + "] " + percent + " %";
        }
        to.print("\r" + shown + " ".repeat(Math.max(0, BAR_CHARS + 20 - shown.length())));
        to.flush();
    }

    private void showLine(String text, Matcher share) {
        int now = share.matches() ? Integer.parseInt(share.group(2)) / TENTH : -1;
        if (now < 0 || now != tenths) {
            to.println(text);
            to.flush();
        }
        tenths = now < 0 ? tenths : now;
    }

    /** What is written next begins a line. */
    void end() {
        if (isBegun) {
            to.println();
            isBegun = false;
        }
    }
}
