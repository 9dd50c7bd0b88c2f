package dev.recado.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.recado.base.ExitCode;
import dev.recado.config.ConfigLoader;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A stop is asked for, and the start fails before anybody looks whether it is done. */
class StopWhileStartingTest {

    private final CompletableFuture<Void> stopped = new CompletableFuture<>();

    /** Fails as soon as it is looked at. */
    private static final class FailingStart extends CompletableFuture<List<BoundAddress>> {
        @Override
        public boolean isDone() {
            completeExceptionally(new IOException("of the test"));
            return true;
        }
    }

    private final class Node implements BrokerNode {
        private final FailingStart starting = new FailingStart();

        @Override
        public CompletionStage<List<BoundAddress>> start() {
            return starting;
        }

        @Override
        public String io() {
            return "epoll";
        }

        @Override
        public CompletionStage<Void> failure() {
            return new CompletableFuture<>();
        }

        @Override
        public CompletionStage<Void> stop() {
            stopped.complete(null);
            return stopped;
        }
    }

    @Test
    void shouldStopWhatItBegan(@TempDir Path folder) throws Exception {
        // Given
        StopSwitch stopSwitch = new StopSwitch(() -> {});
        stopSwitch.request();
        PrintStream out = new PrintStream(new ByteArrayOutputStream(), true);
        String data = folder.resolve("data").toString();

        // When
        int code = new BrokerProcess((launch, disk, directory) -> new Node(), stopSwitch, out, out)
                .run(new Launch(new ConfigLoader().set("node.data", data).load(), null, null));

        // Then
        assertThat(code).isEqualTo(ExitCode.FAILED);
        assertThat(stopped).isCompleted();
    }
}
