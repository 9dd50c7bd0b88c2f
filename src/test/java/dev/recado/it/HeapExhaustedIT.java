package dev.recado.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * More large messages than the heap holds: the broker goes on, or ends at once with one line that says why; in both
 * cases everything that was confirmed is there at the next start.
 */
class HeapExhaustedIT {

    private static final int CLIENTS = 14;
    private static final int MESSAGES = 3;
    private static final int HEAD_BYTES = 16;
    private static final int BYTES = 16 * 1024 * 1024;
    private static final Duration LIMIT = Duration.ofSeconds(60);
    /** How long an end may take once connections have broken. */
    private static final Duration END_LIMIT = Duration.ofSeconds(5);

    @WorkDir
    @SuppressWarnings("NullAway.Init") // JUnit sets it before a test begins.
    Path work;

    @Test
    @Timeout(value = 240, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
    void shouldKeepWhatWasConfirmedWhenTheHeapIsExhausted() throws Exception {
        BrokerProcess.Plan plan = BrokerProcess.in(work);
        Set<String> confirmed = ConcurrentHashMap.newKeySet();
        try (BrokerProcess broker = plan.heapMiB(256).start();
                LoadCrew crew = new LoadCrew()) {
            for (int client = 0; client < CLIENTS; client++) {
                String name = "client" + client;
                crew.run(() -> publish(broker.textPort(), name, confirmed));
            }
            crew.join();
            boolean ended =
                    confirmed.size() < CLIENTS * MESSAGES && broker.process().endsWithin(END_LIMIT);
            System.out.println("HeapExhaustedIT ended=" + ended + " confirmed=" + confirmed.size());
            if (ended) {
                assertThat(broker.process().exitCode(LIMIT)).isEqualTo(1);
                assertThat(broker.process().err()).containsOnlyOnce("recado failed: the Java heap is exhausted");
            }
            // One that met it and went on would write what it has torn.
            assertThat(Files.readString(plan.data().resolve("recado.log"))).doesNotContain("Java heap space");
            broker.killNine();
        }
        try (BrokerProcess broker = plan.heapMiB(512).start();
                TextConnection consumer = broker.connect()) {
            consumer.ask("SUB:large:g:1:first");
            Set<String> missing = ConcurrentHashMap.newKeySet();
            missing.addAll(confirmed);
            while (!missing.isEmpty()) {
                TextConnection.Delivery delivery = consumer.delivery();
                missing.remove(delivery.payload().trim());
                consumer.ack(delivery);
            }
            assertThat(consumer.pub("after", "x")).isEqualTo("OK:MSG_ID:0");
        }
    }

    /** Sends all its messages before it reads an answer. */
    private static void publish(int port, String name, Set<String> confirmed) {
        byte[] blanks = new byte[BYTES - HEAD_BYTES];
        Arrays.fill(blanks, (byte) ' ');
        try (TextConnection connection = TextConnection.open(port)) {
            for (int i = 0; i < MESSAGES; i++) {
                connection.write("PUB:large:" + BYTES + "\n" + String.format("%-" + HEAD_BYTES + "s", name + "-" + i));
                connection.flush().write(blanks).write("\n").flush();
            }
            for (int i = 0; i < MESSAGES; i++) {
                if (connection.reply().startsWith("OK:MSG_ID:")) {
                    confirmed.add(name + "-" + i);
                }
            }
        } catch (IOException | AssertionError ended) {
            return; // the broker has ended, or it refused in another way: what was confirmed counts
        }
    }
}
