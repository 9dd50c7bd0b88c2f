package dev.recado.house;

import java.util.Collections;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.MethodOrdererContext;

/** The tests of a class in an order drawn from a seed, told once, which {@code recado.test.seed} gives again. */
public final class SeededOrder implements MethodOrderer {

    private static final long SEED = Long.getLong("recado.test.seed", System.nanoTime());

    static {
        System.out.println("tests of a class in random order, again with -Drecado.test.seed=" + SEED
                + "; that of classes with -Dsurefire.runOrder.random.seed");
    }

    @Override
    public void orderMethods(MethodOrdererContext context) {
        Collections.shuffle(
                context.getMethodDescriptors(),
                new java.util.Random(SEED + context.getTestClass().getName().hashCode()));
    }
}
