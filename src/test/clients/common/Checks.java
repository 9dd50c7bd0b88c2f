package dev.recado.clients;

import java.util.Arrays;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * Runs the checks of a client one after another and says of each in a line whether it holds. A check that waits for a
 * feature of the broker stands as {@link #later}: it runs only with {@code -Dall=true}, as against RabbitMQ.
 */
final class Checks {

    static final long PATIENCE_MS = 60_000;

    private static final boolean ALL = Boolean.getBoolean("all");

    private int held;
    private int failed;

    /** What a check does; it throws where it does not hold. */
    interface Check {
        void run() throws Exception;
    }

    void check(String name, Check check) {
        long begin = System.nanoTime();
        try {
            check.run();
            held++;
            System.out.println("ok " + name + " " + (System.nanoTime() - begin) / 1_000_000 + " ms");
        } catch (Exception | AssertionError e) {
            failed++;
            System.out.println("FAILED " + name + ": " + e);
            e.printStackTrace(System.out);
        }
    }

    void later(String name, String reason, Check check) {
        if (ALL) {
            check(name, check);
        } else {
            System.out.println("later " + name + ": " + reason);
        }
    }

    /** Says how many held and ends the program, with 0 where all did. */
    void end() {
        System.out.println(held + " held, " + failed + " failed");
        System.out.flush();
        Runtime.getRuntime().halt(failed);
    }

    static void that(boolean holds, Object... what) {
        if (!holds) {
            throw new AssertionError(Arrays.toString(what));
        }
    }

    static void equal(Object expected, Object actual) {
        if (!Objects.deepEquals(expected, actual)) {
            throw new AssertionError("expected " + expected + " but it was " + actual);
        }
    }

    /** The next one, or a failure after a while. */
    static <T> T next(BlockingQueue<T> queue) throws InterruptedException {
        T next = queue.poll(PATIENCE_MS, TimeUnit.MILLISECONDS);
        that(next != null, "nothing came");
        return next;
    }

    /** Asks again and again until it is so. */
    static void until(String what, Callable<Boolean> condition) throws Exception {
        long end = System.nanoTime() + PATIENCE_MS * 1_000_000;
        while (!condition.call()) {
            that(System.nanoTime() < end, "not in time:", what);
            pause(2);
        }
    }

    /** The pace of a program, and of a question that is asked again. */
    static void pause(int ms) {
        LockSupport.parkNanos(ms * 1_000_000L);
    }
}
