package dev.recado.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class HaltTest {

    /** A process of its own that meets a failure. */
    static final class Victim {
        @SuppressWarnings("unused") // it keeps the heap full
        private static Object[] chain = new Object[1];

        private Victim() {}

        /** Takes the heap to its last bytes; answers what it met there. */
        private static OutOfMemoryError exhaust() {
            OutOfMemoryError met = new OutOfMemoryError("none");
            for (int length = 1 << 18; length > 0; length /= 2) {
                try {
                    while (true) {
                        Object[] next = new Object[length];
                        next[0] = chain;
                        chain = next;
                    }
                } catch (OutOfMemoryError exhausted) {
                    met = exhausted;
                }
            }
            return met;
        }

        public static void main(String[] args) throws InterruptedException {
            Halt.onUncaught();
            if (args[0].equals("full")) {
                Thread thread = new Thread(() -> {
                    throw exhaust();
                });
                thread.start();
                thread.join();
                Runtime.getRuntime().halt(7);
            }
            Error failure =
                    args[0].equals("heap") ? new OutOfMemoryError("Java heap space") : new AssertionError("torn");
            if (args[1].equals("stray")) {
                Thread thread = new Thread(() -> {
                    throw failure;
                });
                thread.start();
                thread.join();
                System.exit(7);
            }
            Halt.now(failure);
        }
    }

    private static String run(String failure, String where) throws Exception {
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx32m",
                        "-cp",
                        System.getProperty("java.class.path"),
                        Victim.class.getName(),
                        failure,
                        where)
                .redirectErrorStream(true)
                .start();
        byte[] output = process.getInputStream().readAllBytes();
        assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
        return process.exitValue() + " "
                + new String(output, StandardCharsets.UTF_8)
                        .lines()
                        .filter(line -> line.startsWith("recado failed"))
                        .toList();
    }

    @Test
    void shouldEndWithOneLineWhereTheHeapIsExhausted() throws Exception {
        assertThat(run("heap", "here")).startsWith("1 [recado failed: the Java heap is exhausted;");
    }

    @Test
    void shouldEndWhereAThreadNobodyWatchesExhaustsTheHeap() throws Exception {
        assertThat(run("heap", "stray")).startsWith("1 [recado failed: the Java heap is exhausted;");
    }

    @Test
    void shouldEndWhereNoByteOfTheHeapIsLeft() throws Exception {
        assertThat(run("full", "stray")).startsWith("1 [recado failed: the Java heap is exhausted;");
    }

    @Test
    void shouldNameAnyOtherFailure() throws Exception {
        assertThat(run("check", "here")).isEqualTo("1 [recado failed: java.lang.AssertionError: torn]");
    }

    @Test
    void shouldGoOnWhereAStrayFailureIsNoExhaustedHeap() throws Exception {
        assertThat(run("check", "stray")).isEqualTo("7 []");
    }
}
