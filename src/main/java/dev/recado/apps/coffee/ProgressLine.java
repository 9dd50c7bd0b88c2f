package dev.recado.apps.coffee;

import java.io.PrintWriter;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** One line on a terminal that is written over, with a bar where it tells a share; repeats are not told. */
final class ProgressLine {

    private static final Pattern SHARE = Pattern.compile("(.*?)(\\d{1,3}) %");
    private static final int BAR_CHARS = 40;

    private final PrintWriter to;
    private String last = "";

    ProgressLine(PrintWriter to) {
        this.to = to;
    }

    void show(String text) {
        if (text.equals(last)) {
            return;
        }
        last = text;
        Matcher share = SHARE.matcher(text);
        String shown = text;
        if (share.matches()) {
            int percent = Math.min(100, Integer.parseInt(share.group(2)));
            int filled = percent * BAR_CHARS / 100;
            shown = share.group(1) + "[" + "#".repeat(filled) + ".".repeat(BAR_CHARS - filled) + "] " + percent + " %";
        }
        to.print("\r" + shown + " ".repeat(Math.max(0, BAR_CHARS + 20 - shown.length())));
        to.flush();
    }
}
