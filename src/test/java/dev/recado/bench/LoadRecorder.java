package dev.recado.bench;

import dev.recado.bench.LoadTransport.ConfirmEvents;
import dev.recado.bench.LoadTransport.DeliveryEvents;
import java.util.ArrayList;
import java.util.List;

/** Writes down in words what a transport tells of publishes and deliveries. */
public final class LoadRecorder implements ConfirmEvents, DeliveryEvents {

    /** What a delivery is called; it may check what it is given. */
    @FunctionalInterface
    public interface DeliveryWords {
        String of(int topic, int partition, long offset, int attempt, byte[] bytes, int from, int to);
    }

    /** In the order of hearing. */
    public final List<String> heard = new ArrayList<>();

    private final DeliveryWords words;

    public LoadRecorder(DeliveryWords words) {
        this.words = words;
    }

    @Override
    public void onReady() {
        heard.add("ready");
    }

    @Override
    public void onStored(long count) {
        heard.add("stored " + count);
    }

    @Override
    public void onRefused(boolean certain, String why) {
        heard.add((certain ? "refused " : "unknown ") + why);
    }

    @Override
    public void onFinished() {
        heard.add("finished");
    }

    @Override
    public void onDelivery(int topic, int partition, long offset, int attempt, byte[] bytes, int from, int to) {
        heard.add(words.of(topic, partition, offset, attempt, bytes, from, to));
    }

    @Override
    public void onFailed(String why) {
        heard.add("failed " + why);
    }
}
