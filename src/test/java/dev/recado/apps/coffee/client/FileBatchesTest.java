package dev.recado.apps.coffee.client;

import static org.assertj.core.api.Assertions.assertThat;

import dev.recado.apps.coffee.csv.ShopFiles;
import dev.recado.apps.coffee.data.ShopGenerator;
import dev.recado.apps.coffee.wire.Batch;
import dev.recado.apps.coffee.wire.BatchCodec;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FileBatchesTest {

    @TempDir
    Path work;

    /** The longest names, as many as a batch may have rows. */
    @Test
    void shouldCutABatchBeforeItIsTooLong() throws Exception {
        // Given
        ShopFiles.write(work, new ShopGenerator(1, 1));
        StringBuilder stores = new StringBuilder("store_id,store_name\n");
        for (int i = 1; i <= 6_000; i++) {
            stores.append(i).append(',').append("\u5496".repeat(200)).append('\n');
        }
        Files.writeString(work.resolve("stores.csv"), stores);
        UploadWindow window = new UploadWindow();

        // When
        new FileBatches(work, UUID.randomUUID(), 20_000, window).read(List.of());

        // Then
        int rows = 0;
        for (Batch batch = window.next(0); batch != null; batch = window.next(0)) {
            assertThat(BatchCodec.encode(batch).length).isLessThanOrEqualTo(BatchCodec.BYTES_MAX);
            rows += batch.table().text().equals("stores") ? batch.rows().size() : 0;
        }
        assertThat(rows).isEqualTo(6_000);
    }
}
