package dev.recado.apps.coffee.gateway;

import java.io.IOException;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The connections that are open. Writing to one whose client reads nothing waits, and so does reading from one that
 * says nothing, or a byte now and then: nothing but its end makes it end. Safe for use by any thread.
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
            if (link.stalledMs() >= stalledMs) {
                close(link, "it takes nothing");
            }
        }
    }

    /** Closes those whose other side has not said for {@code silentMs} who it is; their readers fail. */
    void closeSilent(long silentMs) {
        for (ClientLink link : Set.copyOf(links)) {
            if (link.isSilent() && link.silentMs() >= silentMs) {
                close(link, "it has not said who it is");
            }
        }
    }

    /** Closes the one that has been silent for the longest time, where there is one: a new one takes its place. */
    void closeMostSilent() {
        Set.copyOf(links).stream()
                .filter(ClientLink::isSilent)
                .min((one, other) -> Long.signum(one.openedNanos() - other.openedNanos()))
                .ifPresent(link -> close(link, "others need its place"));
    }

    private void close(ClientLink link, String why) {
        if (links.remove(link)) {
            LOG.warn("client closed why={}", why);
            try {
                link.close();
            } catch (IOException e) {
                LOG.warn("client not closed cause={}", String.valueOf(e));
            }
        }
    }
}
