package dev.recado.broker.session;

import io.vertx.core.Promise;
import java.util.HashMap;
import java.util.Map;

/** The longer leases that a subscription has asked for and no owner has answered. Owned by the session's loop. */
final class Extensions {

    private final Map<Long, Promise<Boolean>> open = new HashMap<>(0);
    private long lastTicket;

    /** Answers the ticket under which {@code held} is to be completed. */
    long ask(Promise<Boolean> held) {
        open.put(++lastTicket, held);
        return lastTicket;
    }

    void onAnswer(long ticket, boolean held) {
        Promise<Boolean> asked = open.remove(ticket);
        if (asked != null) {
            asked.complete(held);
        }
    }
}
