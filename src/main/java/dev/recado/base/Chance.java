package dev.recado.base;

import java.util.UUID;

/** Port to chance: the machine's in production, a seed's in simulations. Any thread. */
public interface Chance {

    /** Any number, which nobody can guess. */
    long nextLong();

    /** A random UUID (version 4), which is not to be met a second time. */
    UUID uuid();
}
