package dev.recado.apps.coffee.client;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.recado.apps.Stop;
import dev.recado.apps.coffee.csv.ShopFiles;
import dev.recado.apps.coffee.data.ShopGenerator;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CoffeeClientTest {

    @TempDir
    Path work;

    @Test
    void shouldSayBeforeItConnectsThatAnswersCannotBeWritten() throws IOException {
        // Given
        ShopFiles.write(work.resolve("in"), new ShopGenerator(1, 1));
        Path results = Files.createFile(work.resolve("no-folder"));
        InetSocketAddress nobody = InetSocketAddress.createUnresolved("gateway.invalid", 9_000);
        CoffeeClient client = new CoffeeClient(
                new CoffeeClient.Plan(nobody, UUID.randomUUID(), false, work.resolve("in"), results, 1_000, 0),
                new Stop(),
                told -> {});

        // When / Then
        assertThatThrownBy(client::run).isInstanceOf(FileSystemException.class).hasMessageContaining("no-folder");
    }
}
