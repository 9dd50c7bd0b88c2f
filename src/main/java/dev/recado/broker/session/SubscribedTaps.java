package dev.recado.broker.session;

import dev.recado.base.Refusal;
import dev.recado.base.TimeSource;
import dev.recado.broker.DeliveryPort;
import dev.recado.broker.SubscribeSpec;
import dev.recado.broker.SubscriptionLink;
import dev.recado.broker.TapBatch;
import dev.recado.core.message.StoredRun;
import dev.recado.core.routing.PrefixSet;
import dev.recado.core.topic.Topic;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The taps of a subscription, one a partition, and what they want; none where it has seats. Owned by the loop. */
final class SubscribedTaps implements TapReader {

    private final DeliveryPort port;
    private final LoopCounters counters;
    private final TimeSource time;
    private final SubscriptionLink face;
    private final Consumer<String> onEnd;
    private final List<Tap> taps = new ArrayList<>(0);
    private final @Nullable TapWish wish;

    /** {@code onEnd} hears why the subscription ends by its taps. */
    SubscribedTaps(LoopLink link, SubscriptionLink face, SubscribeSpec spec, Consumer<String> onEnd) {
        this.port = link.port();
        this.counters = link.loop().counters();
        this.time = link.node().time();
        this.face = face;
        this.onEnd = onEnd;
        this.wish = spec.kind() == SubscribeSpec.Kind.TAP
                ? new TapWish(link.sessions().interests(), spec.filtered())
                : null;
    }

    /** Taps are added in the order of the partitions. */
    void add(Tap tap) {
        taps.add(tap);
    }

    /** The socket took {@code bytes} of what came from a partition. */
    void onWritten(int partitionIndex, long bytes) {
        if (partitionIndex < taps.size()) {
            taps.get(partitionIndex).onWritten(bytes, time.monotonicMs());
        }
    }

    /** They are in place on every partition of {@code topic}. */
    void beginWish(Topic topic) {
        if (wish != null) {
            wish.begin(topic);
        }
    }

    @Override
    public boolean wantsNothing() {
        return wish != null && wish.isNothing();
    }

    @Nullable
    Refusal want(byte[] prefix) {
        return wish == null ? null : wish.add(prefix);
    }

    boolean unwant(byte[] prefix) {
        return wish != null && wish.remove(prefix);
    }

    PrefixSet wanted() {
        return wish == null ? new PrefixSet() : wish.wanted();
    }

    void endWish() {
        if (wish != null) {
            wish.end();
        }
    }

    /** Nothing is wanted any more, and nothing delivered. */
    void close() {
        endWish();
        taps.forEach(Tap::close);
    }

    @Override
    public void onTapped(TapBatch batch) {
        for (StoredRun run : batch.runs()) {
            counters.tapped += run.count();
        }
        port.onTapped(face, batch);
    }

    @Override
    public void onDropped(TapBatch batch) {
        for (StoredRun run : batch.runs()) {
            counters.tapDropped += run.count();
        }
    }

    @Override
    public void end(String reason, boolean topicGone) {
        if (!topicGone) {
            close();
        }
        onEnd.accept(reason);
    }
}
