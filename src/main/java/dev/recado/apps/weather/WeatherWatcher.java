package dev.recado.apps.weather;

import dev.recado.apps.Printable;
import dev.recado.apps.Stop;
import dev.recado.apps.UnreachableException;
import dev.recado.apps.ZmqLink;
import dev.recado.apps.ZmqLinks;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;
import org.zeromq.SocketType;

/** Subscribes to regions, prints their updates and keeps their means. */
final class WeatherWatcher {

    private final List<String> prefixes;
    private final long countMax;
    private final long idleExitMs;
    private final Consumer<String> print;
    private final RegionMeans means = new RegionMeans();
    private long strange;

    /**
     * Not connected yet.
     *
     * @param prefixes with what the codes of the wanted regions begin
     * @param countMax updates after which to end; 0 for never
     * @param idleExitMs milliseconds without an update after which to end; 0 for never
     */
    WeatherWatcher(List<String> prefixes, long countMax, long idleExitMs, Consumer<String> print) {
        this.prefixes = prefixes;
        this.countMax = countMax;
        this.idleExitMs = idleExitMs;
        this.print = print;
    }

    /** Watches until it has enough or is stopped. */
    void run(ZmqLinks links, String endpoint, Stop stop) throws UnreachableException {
        ZmqLink link = links.connect(SocketType.SUB, endpoint);
        prefixes.forEach(prefix -> link.subscribe(prefix.getBytes(StandardCharsets.UTF_8)));
        long lastNanos = System.nanoTime();
        while ((countMax == 0 || means.count() < countMax) && !stop.isRequested()) {
            List<byte[]> frames = link.receive();
            if (frames != null) {
                onMessage(frames);
                lastNanos = System.nanoTime();
            } else if (idleExitMs > 0 && ZmqLink.isOver(lastNanos, idleExitMs)) {
                return;
            }
        }
    }

    /** What is no weather update is counted; anybody may publish on this channel. */
    void onMessage(List<byte[]> frames) {
        Reading reading = frames.size() == 2 ? Reading.parse(Printable.of(frames.get(1))) : null;
        if (reading == null) {
            strange++;
            return;
        }
        String region = Printable.of(frames.get(0));
        means.add(region, reading);
        print.accept(String.format(
                Locale.ROOT, "%s  %.1f °C  %d %%", region, reading.temperatureC(), reading.humidityPercent()));
    }

    RegionMeans means() {
        return means;
    }

    /** Messages that were no weather updates. */
    long strange() {
        return strange;
    }
}
