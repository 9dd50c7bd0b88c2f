package dev.recado.broker.session;

import dev.recado.base.Refusal;
import dev.recado.core.routing.PrefixSet;
import dev.recado.core.topic.Topic;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What one tap wants to see of its topic: everything, or, of a filtered one, what begins with its prefixes. Owned by
 * the session's loop.
 */
final class TapWish {

    private final Interests interests;
    private final boolean filtered;
    private final PrefixSet wanted = new PrefixSet();
    /** From the moment on when the tap is in place; null again when it has ended. */
    private @Nullable Topic topic;

    TapWish(Interests interests, boolean filtered) {
        this.interests = interests;
        this.filtered = filtered;
    }

    /** The tap is in place on every partition of {@code itsTopic}. */
    void begin(Topic itsTopic) {
        topic = itsTopic;
        if (!filtered) {
            interests.addWhole(itsTopic);
        }
    }

    /** Whether nothing at all is wanted, so that batches need not be handed on. */
    boolean isNothing() {
        return filtered && wanted.isEmpty();
    }

    PrefixSet wanted() {
        return wanted;
    }

    @Nullable
    Refusal add(byte[] prefix) {
        if (!filtered || topic == null || wanted.contains(prefix)) {
            return null;
        }
        Refusal refusal = interests.want(topic, prefix);
        if (refusal == null) {
            wanted.add(prefix);
        }
        return refusal;
    }

    boolean remove(byte[] prefix) {
        if (topic == null || !wanted.remove(prefix)) {
            return false;
        }
        interests.unwant(topic, List.of(prefix));
        return true;
    }

    /** The tap is closed or its topic is gone; what it wanted last may still be asked for. */
    void end() {
        Topic ended = topic;
        if (ended == null) {
            return;
        }
        topic = null;
        if (filtered) {
            interests.unwant(ended, wanted);
        } else {
            interests.removeWhole(ended);
        }
    }
}
