package dev.recado.node;

import dev.recado.base.Chance;
import java.security.SecureRandom;
import java.util.UUID;

/** The machine's chance. */
final class SystemChance implements Chance {

    private final SecureRandom random = new SecureRandom();

    @Override
    public long nextLong() {
        return random.nextLong();
    }

    @Override
    public UUID uuid() {
        return UUID.randomUUID();
    }
}
