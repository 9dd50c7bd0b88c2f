package dev.recado.shard;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Tells publishers what is stored: those of this loop at once, those of others in one hand-over for each loop. */
final class Confirms {

    private final ShardLoop home;
    private @Nullable Map<ShardLoop, List<Runnable>> elsewhere;

    Confirms(ShardLoop home) {
        this.home = home;
    }

    /** {@code run} is stored from {@code baseOffset} on. */
    void add(PendingRun run, long baseOffset) {
        ShardLoop origin = run.origin();
        if (origin == home) {
            run.confirm(baseOffset);
            return;
        }
        Map<ShardLoop, List<Runnable>> others = elsewhere;
        if (others == null) {
            others = new HashMap<>(4);
            elsewhere = others;
        }
        others.computeIfAbsent(origin, unused -> new ArrayList<>()).add(() -> run.confirm(baseOffset));
    }

    /** Hands over what was added. */
    void send() {
        Map<ShardLoop, List<Runnable>> others = elsewhere;
        if (others != null) {
            elsewhere = null;
            others.forEach((origin, confirms) -> origin.execute(() -> confirms.forEach(Runnable::run)));
        }
    }
}
