package dev.recado.apps.messaging.link;

import java.io.PrintWriter;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/** Prints what a part of the application has to tell, with both of its clocks in front. */
public final class Speaker {

    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("HH:mm:ss.SSS", Locale.ROOT).withZone(ZoneOffset.UTC);

    private final PrintWriter out;
    private final String name;

    public Speaker(PrintWriter out, String name) {
        this.out = out;
        this.name = name;
    }

    /** One line. */
    public void say(long timeMs, long lamport, String line) {
        out.println(TIME.format(Instant.ofEpochMilli(timeMs)) + " lamport=" + lamport + " " + name + ": " + line);
        out.flush();
    }
}
