package dev.recado.apps.weather;

import dev.recado.apps.Stop;
import dev.recado.apps.UnreachableException;
import dev.recado.apps.ZmqLink;
import dev.recado.apps.ZmqLinks;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.zeromq.SocketType;

/** Publishes made-up weather in rounds, one update of each region a round. */
final class WeatherPublisher {

    /** The subscriptions reach a publisher only after it is connected; what it sends before is lost. */
    private static final long SUBSCRIPTIONS_MS = 250;

    private static final long FLUSH_MS = 5_000;

    private record Region(byte[] code, RegionWeather weather) {}

    private final List<Region> regions = new ArrayList<>();
    private final long intervalMs;
    private final long roundsMax;

    /**
     * Not connected yet.
     *
     * @param intervalMs from the beginning of a round to that of the next, in milliseconds
     * @param roundsMax rounds after which to end; 0 for never
     */
    WeatherPublisher(List<String> codes, long seed, long intervalMs, long roundsMax) {
        codes.forEach(
                code -> regions.add(new Region(code.getBytes(StandardCharsets.UTF_8), new RegionWeather(code, seed))));
        this.intervalMs = intervalMs;
        this.roundsMax = roundsMax;
    }

    /** Publishes until it is done or stopped; answers how many updates it sent. */
    long run(ZmqLinks links, String endpoint, Stop stop) throws UnreachableException {
        ZmqLink link = links.connect(SocketType.PUB, endpoint);
        stop.within(SUBSCRIPTIONS_MS);
        long updates = 0;
        long beginNanos = System.nanoTime();
        for (long round = 0; (roundsMax == 0 || round < roundsMax) && !stop.isRequested(); round++) {
            for (Region region : regions) {
                byte[] reading = region.weather().next().text().getBytes(StandardCharsets.UTF_8);
                // A publisher never waits: what a subscriber is too slow for is dropped on its way.
                updates += link.send(0, region.code(), reading) ? 1 : 0;
            }
            long elapsedMs = (System.nanoTime() - beginNanos) / 1_000_000;
            boolean isLast = round + 1 == roundsMax;
            stop.within(isLast ? 0 : (round + 1) * intervalMs - elapsedMs);
        }
        links.flush(FLUSH_MS);
        return updates;
    }
}
