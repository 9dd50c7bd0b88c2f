package dev.recado.apps.messaging.server;

import dev.recado.apps.messaging.clock.BerkeleyRound;
import dev.recado.apps.messaging.clock.CorrectedClock;
import dev.recado.apps.messaging.wire.Envelope;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Rounds of Berkeley's algorithm, of which one runs at a time while this server coordinates; and being adjusted. */
final class ClockRounds {

    /** A clock that has not answered by then is left out of the round. */
    static final long ROUND_MS = 1_000;

    private final ServerSelf self;
    private final PeerList peers;
    private final ServerOptions options;
    private @Nullable BerkeleyRound round;
    private long startedMs;
    private long roundNumber;
    private int awaited;
    /** The last round that moved this clock, by its leader's run: none moves it twice. */
    private final Map<String, Long> adjustedBy = new HashMap<>();

    ClockRounds(ServerSelf self, PeerList peers, ServerOptions options) {
        this.self = self;
        this.peers = peers;
        this.options = options;
    }

    /** {@code leads} says whether this server coordinates. */
    void onTick(boolean leads, ServerMoment now, ServerEffects effects) {
        if (round != null && (!leads || now.ms() - startedMs >= ROUND_MS)) {
            finish(leads, now, effects);
        }
        if (leads
                && round == null
                && now.ms() - startedMs >= options.berkeleyMs()
                && !peers.all().isEmpty()) {
            begin(now, effects);
        }
    }

    private void begin(ServerMoment now, ServerEffects effects) {
        round = new BerkeleyRound(self.name(), options.outlierMs());
        startedMs = now.ms();
        roundNumber++;
        awaited = peers.all().size();
        for (PeerList.Peer peer : peers.all()) {
            Map<String, Object> fields =
                    Map.of("round", roundNumber, "sent", self.clock().at(now.wallMs()));
            effects.ask(peer.name(), self.stamp("clock", now, fields));
        }
    }

    /** A clock answers with its {@code time}, and repeats {@code round} and {@code sent}. */
    void onAnswer(String peer, Envelope answer, ServerMoment now, ServerEffects effects) {
        if (round == null || answer.number("round", 0) != roundNumber || !answer.isOk()) {
            return;
        }
        long sentMs = answer.number("sent", -1);
        long receivedMs = self.clock().at(now.wallMs());
        if (sentMs < 0 || sentMs > receivedMs || receivedMs - sentMs > 2 * ROUND_MS) {
            return;
        }
        round.onAnswer(peer, sentMs, receivedMs, answer.number("time", 0));
        if (round.answers() >= awaited) {
            finish(true, now, effects);
        }
    }

    private void finish(boolean leads, ServerMoment now, ServerEffects effects) {
        BerkeleyRound finished = round;
        round = null;
        if (finished == null || !leads || finished.answers() == 0) {
            return;
        }
        effects.say("clock round=" + roundNumber + " answers=" + finished.answers() + " spread_ms="
                + finished.spreadMs() + " round_trip_ms_max=" + finished.roundTripMsMax());
        finished.corrections().forEach((name, delta) -> {
            if (name.equals(self.name())) {
                move(delta, effects);
            } else {
                Map<String, Object> fields = Map.of("round", roundNumber, "leader", self.origin(), "delta", delta);
                effects.ask(name, self.stamp("adjust", now, fields));
            }
        });
    }

    /** The coordinator tells how far this clock has to be moved; answers whether it was by this. */
    boolean onAdjust(Envelope adjust, String coordinator, ServerEffects effects) {
        long number = adjust.number("round", 0);
        String leader = adjust.textOrEmpty("leader");
        long deltaMs = adjust.number("delta", 0);
        boolean isFar = deltaMs > CorrectedClock.CORRECTION_MS_MAX || deltaMs < -CorrectedClock.CORRECTION_MS_MAX;
        if (!adjust.user().equals(coordinator) || number <= adjustedBy.getOrDefault(leader, 0L) || isFar) {
            return false;
        }
        // One run of one coordinator at a time; more are nobody's.
        if (adjustedBy.size() > PeerList.PEERS_MAX) {
            adjustedBy.clear();
        }
        adjustedBy.put(leader, number);
        move(deltaMs, effects);
        return true;
    }

    private void move(long deltaMs, ServerEffects effects) {
        self.clock().adjust(deltaMs);
        if (deltaMs != 0) {
            effects.say("clock moved_ms=" + deltaMs + " correction_ms="
                    + self.clock().correctionMs());
        }
    }
}
