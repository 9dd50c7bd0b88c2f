package dev.recado.node;

import dev.recado.base.Chance;
import java.util.Random;
import java.util.UUID;

/** Chance by a seed. */
record SimChance(Random random) implements Chance {

    @Override
    public long nextLong() {
        return random.nextLong();
    }

    @Override
    public UUID uuid() {
        return new UUID(random.nextLong() & ~0xF000L | 0x4000L, random.nextLong() >>> 2 | 1L << 63);
    }
}
