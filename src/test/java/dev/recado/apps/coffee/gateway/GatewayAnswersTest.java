package dev.recado.apps.coffee.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.recado.apps.coffee.data.CoffeeRow;
import dev.recado.apps.coffee.data.CoffeeRow.Answer;
import dev.recado.apps.coffee.data.CoffeeTable;
import dev.recado.apps.coffee.wire.Batch;
import dev.recado.apps.coffee.wire.BatchCodec;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GatewayAnswersTest {

    private static final UUID SESSION = new UUID(1, 2);

    @TempDir
    Path directory;

    @Test
    void shouldWriteTheRowsInOrderHoweverTheBatchesCame() throws IOException {
        // Given
        List<GatewayAnswers.Came> came = new ArrayList<>();
        for (CoffeeTable table : CoffeeTable.results()) {
            for (int number = 0; number < 3; number++) {
                List<CoffeeRow> rows = List.of(new Answer(List.of(table.text() + number, "\"é")));
                came.add(came(Batch.ofRows(SESSION, table, number, rows)));
            }
            came.add(came(Batch.eos(SESSION, table, 3, table != CoffeeTable.Q3)));
        }
        Collections.shuffle(came, new Random(16));

        // When
        for (GatewayAnswers.Came one : came) {
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

    private static GatewayAnswers.Came came(Batch batch) {
        return new GatewayAnswers.Came(batch, BatchCodec.encode(batch));
    }
}
