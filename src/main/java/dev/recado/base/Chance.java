package dev.recado.base;

import java.security.SecureRandom;
import java.util.UUID;

/** Port to chance: the machine's in production, a seed's in simulations. Any thread. */
public interface Chance {

    /** Any number, which nobody can guess. */
    long nextLong();

    /** A random UUID (version 4), which is not to be met a second time. */
    UUID uuid();

    /** The machine's. */
    static Chance system() {
        SecureRandom random = new SecureRandom();
        return new Chance() {
            @Override
            public long nextLong() {
                return random.nextLong();
            }

            @Override
            public UUID uuid() {
                return UUID.randomUUID();
            }
        };
    }
}
