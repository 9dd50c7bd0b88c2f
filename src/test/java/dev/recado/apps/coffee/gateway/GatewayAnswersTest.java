package dev.recado.apps.coffee.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.recado.apps.coffee.data.CoffeeRow;
import dev.recado.apps.coffee.data.CoffeeRow.Answer;
import dev.recado.apps.coffee.data.CoffeeTable;
import dev.recado.apps.coffee.node.BatchIntake;
import dev.recado.apps.coffee.wire.Batch;
import dev.recado.apps.coffee.wire.BatchCodec;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GatewayAnswersTest {

    private static final UUID SESSION = new UUID(1, 2);

    @TempDir
    Path directory;

    @Test
    void shouldWriteTheRowsInOrderHoweverTheBatchesCame() throws IOException {
        // Given
        List<BatchIntake.Came> came = new ArrayList<>();
        for (CoffeeTable table : CoffeeTable.results()) {
            for (int number = 0; number < 3; number++) {
                List<CoffeeRow> rows = List.of(new Answer(List.of(table.text() + number, "\"é")));
                came.add(came(Batch.ofRows(SESSION, table, number, rows)));
            }
            came.add(came(Batch.eos(SESSION, table, 3, table != CoffeeTable.Q3)));
        }
        Collections.shuffle(came, new Random(16));

        // When
        for (BatchIntake.Came one : came) {
            try (GatewayAnswers answers = new GatewayAnswers(directory, 0)) {
                answers.keep(List.of(one, one), 0);
            }
        }

        // Then
        try (GatewayAnswers answers = new GatewayAnswers(directory, 0)) {
            assertThat(answers.tablesDone(SESSION)).isEqualTo(5);
            ByteArrayOutputStream json = new ByteArrayOutputStream();
            answers.write(SESSION, json);
            assertThat(json.toString(StandardCharsets.UTF_8))
                    .startsWith("{\"session\":\"" + SESSION + "\",\"complete\":false,\"tables\":{"
                            + "\"q1\":[[\"q10\",\"\\\"é\"],[\"q11\",\"\\\"é\"],[\"q12\",\"\\\"é\"]],\"q2_quantity\":[");
        }
    }

    /** A client that took nothing held up what came for all the others. */
    @Test
    void shouldGoOnForOthersWhileOneClientTakesItsTime() throws Exception {
        // Given
        UUID other = new UUID(3, 4);
        CountDownLatch asked = new CountDownLatch(1);
        CountDownLatch taken = new CountDownLatch(1);
        ExecutorService threads = Executors.newFixedThreadPool(2);
        try (GatewayAnswers answers = new GatewayAnswers(directory, 0)) {
            answers.keep(whole(SESSION), 0);
            Future<String> slow = threads.submit(() -> {
                ByteArrayOutputStream to = new ByteArrayOutputStream();
                answers.write(SESSION, new OutputStream() {
                    @Override
                    public void write(int value) throws IOException {
                        write(new byte[] {(byte) value}, 0, 1);
                    }

                    @Override
                    public void write(byte[] bytes, int offset, int length) throws IOException {
                        asked.countDown();
                        try {
                            taken.await();
                        } catch (InterruptedException e) {
                            throw new IOException(e);
                        }
                        to.write(bytes, offset, length);
                    }
                });
                return to.toString(StandardCharsets.UTF_8);
            });
            asked.await();

            // When
            Future<String> fast = threads.submit(() -> {
                answers.keep(whole(other), 0);
                ByteArrayOutputStream to = new ByteArrayOutputStream();
                answers.write(other, to);
                answers.finish(other, 0);
                return to.toString(StandardCharsets.UTF_8);
            });

            // Then
            assertThat(fast.get(10, TimeUnit.SECONDS))
                    .contains(other.toString())
                    .endsWith("]}}");
            taken.countDown();
            assertThat(slow.get(10, TimeUnit.SECONDS))
                    .contains(SESSION.toString())
                    .endsWith("]}}");
        } finally {
            taken.countDown();
            threads.shutdownNow();
        }
    }

    private static List<BatchIntake.Came> whole(UUID session) {
        List<BatchIntake.Came> came = new ArrayList<>();
        for (CoffeeTable table : CoffeeTable.results()) {
            came.add(came(Batch.ofRows(session, table, 0, List.of(new Answer(List.of(table.text()))))));
            came.add(came(Batch.eos(session, table, 1, true)));
        }
        return came;
    }

    private static BatchIntake.Came came(Batch batch) {
        return new BatchIntake.Came(batch, BatchCodec.encode(batch));
    }
}
