package dev.recado.app;

import java.io.IOException;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Which implementation stands behind each port of this room; the one place that names them. */
final class Wiring {

    private Wiring() {}

    /** Makes the broker of a run. */
    static BrokerNode.Factory broker() {
        return (launch, disk, directory) -> new AbsentNode();
    }

    /** Checks data. */
    static Repairer repairer() {
        return (directory, acceptLoss) -> {
            throw new IOException("repair is not wired yet");
        };
    }

    private static final class AbsentNode implements BrokerNode {
        @Override
        public CompletionStage<List<BoundListener>> start() {
            return CompletableFuture.failedFuture(new IOException("the broker is not wired yet"));
        }

        @Override
        public CompletionStage<Void> failure() {
            return new CompletableFuture<>();
        }

        @Override
        public CompletionStage<Void> stop() {
            return CompletableFuture.completedFuture(null);
        }
    }
}
