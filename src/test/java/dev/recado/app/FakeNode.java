package dev.recado.app;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** A node whose futures its test completes. */
final class FakeNode implements BrokerNode {

    final CompletableFuture<List<BoundAddress>> started = new CompletableFuture<>();
    final CompletableFuture<Void> failed = new CompletableFuture<>();
    final CompletableFuture<Void> stopped = new CompletableFuture<>();
    /** Completes when the node is asked to stop. */
    final CompletableFuture<Void> stopAsked = new CompletableFuture<>();

    /** Starts and stops at once. */
    static FakeNode willing() {
        FakeNode node = new FakeNode();
        node.started.complete(List.of(new BoundAddress("text", "127.0.0.1", 40_123)));
        node.stopped.complete(null);
        return node;
    }

    @Override
    public CompletionStage<List<BoundAddress>> start() {
        return started;
    }

    @Override
    public String io() {
        return "epoll";
    }

    @Override
    public CompletionStage<Void> failure() {
        return failed;
    }

    @Override
    public CompletionStage<Void> stop() {
        stopAsked.complete(null);
        return stopped;
    }
}
