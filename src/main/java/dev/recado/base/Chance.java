package dev.recado.base;

import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;

/** Port to chance: the machine's in production, a seed's in simulations. Any thread. */
public interface Chance {

    /** Any number. */
    long nextLong();

    /** A random UUID (version 4), which is not to be met a second time. */
    UUID uuid();

    /** The machine's. */
    static Chance system() {
        return new Chance() {
            @Override
            public long nextLong() {
                return ThreadLocalRandom.current().nextLong();
            }

            @Override
            public UUID uuid() {
                return UUID.randomUUID();
            }
        };
    }
}
