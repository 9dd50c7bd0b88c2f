package dev.recado.broker.session;

import dev.recado.base.ErrorCode;
import dev.recado.base.Refusal;
import dev.recado.broker.PublishPort;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A session's publishes through exchanges whose outcomes are missing: the session hears once of each, whatever the
 * number of topics. A topic that was deleted before the message came to it is none that the message leads to: who
 * publishes through an exchange cannot know of it. Owned by the session's loop.
 */
final class RoutedPublishes {

    private final PublishPort port;
    private final Map<Long, Publish> open = new HashMap<>();

    /** Of {@code topics} outcomes {@code waiting} are missing; those of deleted ones are not counted. */
    private static final class Publish {
        private int topics;
        private final boolean numbered;
        private int waiting;
        private int stored;
        private @Nullable Refusal refusal;

        private Publish(int topics, boolean numbered) {
            this.topics = topics;
            this.numbered = numbered;
            waiting = topics;
        }

        /**
         * The last refusal, or null. Where the message is stored in some of the topics it says so, unless it may be
         * sent again under its number: then it is stored once in each.
         */
        private @Nullable Refusal refusal() {
            Refusal why = refusal;
            return why == null || numbered || stored == 0 ? why : why.butStoredIn(stored, topics);
        }
    }

    RoutedPublishes(PublishPort port) {
        this.port = port;
    }

    boolean isEmpty() {
        return open.isEmpty();
    }

    /** A message is on its way to {@code topics} topics; {@code numbered} by its producer. */
    void begin(long ticket, int topics, boolean numbered) {
        open.put(ticket, new Publish(topics, numbered));
    }

    /** Counts one outcome, a refusal or none; false where {@code ticket} is of no such publish. */
    boolean settle(long ticket, @Nullable Refusal refusal) {
        Publish publish = open.get(ticket);
        if (publish == null) {
            return false;
        }
        publish.waiting--;
        if (refusal == null) {
            publish.stored++;
        } else if (refusal.code() == ErrorCode.TOPIC_NOT_FOUND) {
            publish.topics--;
        } else {
            publish.refusal = refusal;
        }
        if (publish.waiting == 0) {
            open.remove(ticket);
            Refusal why = publish.refusal();
            if (why != null) {
                port.onRefused(ticket, 1, why);
            } else {
                port.onRouted(ticket, publish.topics);
            }
        }
        return true;
    }
}
