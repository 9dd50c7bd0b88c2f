package dev.recado.apps.messaging.server;

import dev.recado.apps.messaging.clock.CorrectedClock;
import dev.recado.apps.messaging.clock.LamportClock;
import dev.recado.apps.messaging.wire.Envelope;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Who a server is and what time it has; stamps what it sends. Owned by the server's loop.
 *
 * @param name its name, the same at each start
 * @param origin its name and a random tail, another at each start: so no number is given twice, whatever a start found
 * @param endpoint where other servers ask it
 */
record ServerSelf(String name, String origin, String endpoint, LamportClock lamport, CorrectedClock clock) {

    /** A message of this server; sending is an event of the Lamport clock. */
    Envelope stamp(String service, ServerMoment now, Map<String, Object> fields) {
        return new Envelope(service, name, Math.max(0, clock.at(now.wallMs())), lamport.tick(), fields);
    }

    /** The answer to a request, with its id. */
    Envelope answer(Envelope request, ServerMoment now, Map<String, Object> fields) {
        Map<String, Object> all = new LinkedHashMap<>();
        all.put(Envelope.ID, request.textOrEmpty(Envelope.ID));
        all.put(Envelope.STATUS, Envelope.OK);
        all.putAll(fields);
        return stamp(request.service(), now, all);
    }

    /** The answer to a request that was refused. */
    Envelope refusal(Envelope request, ServerMoment now, String reason) {
        return answer(request, now, Map.of(Envelope.STATUS, Envelope.ERROR, Envelope.REASON, reason));
    }
}
