package dev.recado.apps.coffee.gateway;

import java.io.IOException;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The connections that are open. Writing to one whose client reads nothing waits, and nothing but its end makes it end.
 * Safe for use by any thread.
 */
final class OpenLinks {

    private static final Logger LOG = LoggerFactory.getLogger(OpenLinks.class);

    private final Set<ClientLink> links = ConcurrentHashMap.newKeySet();

    void add(ClientLink link) {
        links.add(link);
    }

    void remove(ClientLink link) {
        links.remove(link);
    }

    /** Closes those whose other side has taken nothing for {@code stalledMs}; their writers fail. */
    void closeStalled(long stalledMs) {
        for (ClientLink link : Set.copyOf(links)) {
            if (link.stalledMs() >= stalledMs && links.remove(link)) {
                LOG.warn("client closed: it takes nothing stalledMs={}", stalledMs);
                try {
                    link.close();
                } catch (IOException e) {
                    LOG.warn("client not closed cause={}", String.valueOf(e));
                }
            }
        }
    }
}
