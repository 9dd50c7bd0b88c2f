package dev.recado.apps.messaging.file;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.recado.apps.messaging.clock.LamportClock;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A Lamport clock that never gives a number away twice, in whatever way its process ends: a bound is in a file. */
public final class KeptLamport {

    private final Path file;
    private final LamportClock clock;

    private KeptLamport(Path file, LamportClock clock) {
        this.file = file;
        this.clock = clock;
    }

    /** The clock that goes on at the bound in the file, or starts where there is none. */
    public static KeptLamport open(Path file) throws IOException {
        long bound = Files.exists(file)
                ? new ObjectMapper()
                        .readTree(Files.readString(file))
                        .path("lamport_below")
                        .asLong()
                : 0;
        return new KeptLamport(file, new LamportClock(bound));
    }

    public LamportClock clock() {
        return clock;
    }

    /** To be called before anything leaves that carries the clock; durable on return. */
    public void keep() throws IOException {
        long bound = clock.boundToKeep();
        if (bound > 0) {
            ReplacedFile.write(file, "{\"lamport_below\":" + bound + "}\n");
            clock.onKept(bound);
        }
    }
}
