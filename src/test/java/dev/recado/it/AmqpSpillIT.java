package dev.recado.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A queue that is not durable takes several times the broker's heap, and means nothing to the next process. */
@Timeout(value = 240, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class AmqpSpillIT {

    private static final int MIB = 1024 * 1024;
    private static final int HEAP_MIB = 256;
    private static final int MESSAGE_BYTES = 64 * 1024;
    /** Three times the heap. */
    private static final int COUNT = 3 * HEAP_MIB * (MIB / MESSAGE_BYTES);

    @WorkDir
    @SuppressWarnings("NullAway.Init") // JUnit sets it before a test begins.
    Path work;

    @BeforeEach
    void requireTool() {
        Tool.PIKA.require();
    }

    private String run(BrokerProcess broker, String command, int... numbers) throws IOException {
        List<String> words = new ArrayList<>(List.of(
                "/usr/bin/python3",
                AmqpProgram.source("pika", "spill.py").toString(),
                command,
                Integer.toString(broker.port("amqp"))));
        for (int number : numbers) {
            words.add(Integer.toString(number));
        }
        return AmqpProgram.run(work, command, words).strip();
    }

    private static long bytesBelow(Path directory) {
        if (!Files.exists(directory)) {
            return 0;
        }
        try (Stream<Path> files = Files.walk(directory)) {
            return files.filter(Files::isRegularFile)
                    .mapToLong(file -> file.toFile().length())
                    .sum();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void shouldTakeMoreThanTheHeapInOrderAndBeEmptyAfterAKill() throws Exception {
        // Given
        BrokerProcess.Plan plan = BrokerProcess.in(work).heapMiB(HEAP_MIB).set("disk.free-min", "0");
        Path spill = plan.data().resolve("spill");
        try (BrokerProcess broker = plan.start()) {
            // When
            String filled = run(broker, "fill", COUNT, MESSAGE_BYTES);
            long spilled = bytesBelow(spill);
            String drained = run(broker, "drain", COUNT);
            Waiting.until("the segments go", AmqpProgram.LIMIT, () -> bytesBelow(spill) == 0);
            String again = run(broker, "fill", COUNT / 2, MESSAGE_BYTES);
            long left = bytesBelow(spill);
            broker.killNine();

            // Then
            assertThat(filled).isEqualTo(Integer.toString(COUNT));
            assertThat(spilled).isGreaterThan(2L * HEAP_MIB * MIB);
            assertThat(drained).isEqualTo(COUNT + " 0");
            assertThat(again).isEqualTo(Integer.toString(COUNT / 2));
            assertThat(left).isPositive();
        }
        try (BrokerProcess broker = plan.start()) {
            assertThat(bytesBelow(spill)).isZero();
            assertThat(run(broker, "fill", 0, MESSAGE_BYTES)).isEqualTo("0");
            assertThat(broker.terminate()).as(() -> broker.process().report()).isZero();
        }
    }
}
