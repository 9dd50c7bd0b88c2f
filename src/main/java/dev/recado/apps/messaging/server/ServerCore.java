package dev.recado.apps.messaging.server;

import dev.recado.apps.Printable;
import dev.recado.apps.messaging.clock.CorrectedClock;
import dev.recado.apps.messaging.clock.LamportClock;
import dev.recado.apps.messaging.history.Histories;
import dev.recado.apps.messaging.history.HistoryEntry;
import dev.recado.apps.messaging.history.HistoryLog;
import dev.recado.apps.messaging.wire.Envelope;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * One server as a state machine: requests, publications, answers and ticks in, {@link ServerEffects} out. Without
 * threads, files or sockets; whoever owns it gives it every event in turn.
 */
public final class ServerCore {

    /** The reference server as a name to ask. */
    public static final String REF = "ref";

    private static final long HEART_MS = 1_000;
    /** How long a request waits for what it needs and another server may have. */
    static final long PARK_MS = 2_000;

    static final int PARKED_MAX = 100;

    /** How often the others are asked while a request waits. */
    private static final long WANT_MS = 200;

    /** What servers ask each other, at their own endpoints. */
    private static final Set<String> BETWEEN_SERVERS = Set.of("sync", "clock", "adjust", "election");

    /** So long the reference server may refuse a server: a name is free again once its last owner has expired. */
    static final long REFUSED_MS = 6_000;

    private record Parked(ServerEffects.Caller caller, Envelope request, long untilMs) {}

    private final ServerSelf self;
    private final HistoryLog log;
    private final Histories histories;
    private final PeerList peers;
    private final Replication replication;
    private final Coordinators coordinators;
    private final ClockRounds rounds;
    private final Services services;
    private final List<Parked> parked = new ArrayList<>();
    private long heartMs = -HEART_MS;
    private long heartAnsweredMs;
    private long wantedMs;
    private boolean refLost;
    private String refusedFor = "";
    private long refusedSinceMs;

    /**
     * A server with what it has kept.
     *
     * @param origin unique among all starts of all servers
     * @param kept its operations, each origin's in their order
     */
    public ServerCore(
            String name,
            String origin,
            String endpoint,
            LamportClock lamport,
            CorrectedClock clock,
            List<HistoryEntry> kept,
            ServerOptions options) {
        self = new ServerSelf(name, origin, endpoint, lamport, clock);
        log = new HistoryLog();
        histories = new Histories();
        kept.forEach(entry -> {
            if (log.offer(entry) == HistoryLog.Offered.APPLIED) {
                histories.add(entry);
            }
        });
        peers = new PeerList(name);
        replication = new Replication(self, peers, log, histories);
        coordinators = new Coordinators(self, peers);
        rounds = new ClockRounds(self, peers, options);
        services = new Services(self, histories, replication);
    }

    /** A request that came through the broker: of a client, since servers ask each other directly. */
    public void onBrokered(ServerEffects.Caller caller, Envelope request, ServerMoment now, ServerEffects effects) {
        if (BETWEEN_SERVERS.contains(request.service())) {
            effects.reply(caller, self.refusal(request, now, "servers are asked that at their own endpoints"));
        } else {
            onRequest(caller, request, now, effects);
        }
    }

    /** A request at this server's own endpoint, of another server or of a client. */
    public void onRequest(ServerEffects.Caller caller, Envelope request, ServerMoment now, ServerEffects effects) {
        boolean isCredible = BETWEEN_SERVERS.contains(request.service())
                ? self.lamport().isCredible(request.clock())
                : self.lamport().isCredibleOfAnybody(request.clock());
        if (!isCredible) {
            effects.reply(caller, self.refusal(request, now, "a clock too far ahead clock=" + request.clock()));
            return;
        }
        self.lamport().receive(request.clock());
        switch (request.service()) {
            case "sync" -> effects.reply(caller, self.answer(request, now, replication.missing(request)));
            case "clock" -> {
                coordinators.onClockQuestion(request.user(), now, effects);
                effects.reply(caller, self.answer(request, now, time(request, now)));
            }
            case "adjust" -> {
                boolean moved = rounds.onAdjust(request, coordinators.coordinator(), effects);
                effects.reply(caller, self.answer(request, now, Map.of("moved", moved ? 1L : 0L)));
            }
            case "election" -> {
                coordinators.onQuestion(now, effects);
                Map<String, Object> fields = Map.of("coordinator", coordinators.coordinator());
                effects.reply(caller, self.answer(request, now, fields));
            }
            case "status" -> effects.reply(caller, self.answer(request, now, status()));
            default -> onClient(caller, request, now, effects);
        }
    }

    /** The answer to a request that is no envelope. */
    public Envelope malformed(String problem, ServerMoment now) {
        return self.stamp("malformed", now, Map.of(Envelope.STATUS, Envelope.ERROR, Envelope.REASON, problem));
    }

    /** Every message of a server that is received counts for the Lamport clock. */
    private boolean receive(Envelope envelope) {
        if (!self.lamport().isCredible(envelope.clock())) {
            return false;
        }
        self.lamport().receive(envelope.clock());
        return true;
    }

    private Map<String, Object> time(Envelope request, ServerMoment now) {
        return Map.of(
                "time",
                self.clock().at(now.wallMs()),
                "round",
                request.number("round", 0),
                "sent",
                request.number("sent", 0));
    }

    private Map<String, Object> status() {
        return Map.of(
                "server", self.name(),
                "origin", self.origin(),
                "coordinator", coordinators.coordinator(),
                "rank", peers.rank(),
                "correction", self.clock().correctionMs(),
                "operations", (long) log.entryCount(),
                "seen", log.seen());
    }

    private void onClient(ServerEffects.Caller caller, Envelope request, ServerMoment now, ServerEffects effects) {
        if (!Services.has(request.service())) {
            effects.reply(caller, self.refusal(request, now, "unknown service"));
            return;
        }
        String missing = services.missing(request);
        if (missing == null) {
            services.run(caller, request, now, effects);
            release(now, effects);
        } else if (parked.size() < PARKED_MAX) {
            parked.add(new Parked(caller, request, now.ms() + PARK_MS));
        } else {
            effects.reply(caller, self.refusal(request, now, missing));
        }
    }

    /** Carries out what waited and needs to wait no more, and refuses what waited long enough. */
    private void release(ServerMoment now, ServerEffects effects) {
        for (Iterator<Parked> all = parked.iterator(); all.hasNext(); ) {
            Parked one = all.next();
            String missing = services.missing(one.request());
            if (missing == null) {
                all.remove();
                services.run(one.caller(), one.request(), now, effects);
            } else if (now.ms() >= one.untilMs()) {
                all.remove();
                effects.reply(one.caller(), self.refusal(one.request(), now, missing));
            }
        }
    }

    /** A publication of the topics {@code replica} and {@code servers}; this server's own come back as well. */
    public void onPublication(Envelope envelope, ServerMoment now, ServerEffects effects) {
        if (envelope.user().equals(self.name()) || !receive(envelope)) {
            return;
        }
        switch (envelope.service()) {
            case "replica" -> {
                if (replication.onReplica(envelope, now, effects)) {
                    release(now, effects);
                }
            }
            case "seen" -> replication.onSeen(envelope, now, effects);
            case "coordinator" -> coordinators.onAnnouncement(envelope, now, effects);
            default -> {}
        }
    }

    /** What a server, or the reference server, answered to a question of this one. */
    public void onAnswer(String server, Envelope answer, ServerMoment now, ServerEffects effects) {
        if (!receive(answer)) {
            return;
        }
        switch (answer.service()) {
            case "heart", "register" -> onRef(answer, now, effects);
            case "sync" -> {
                if (replication.onSynced(server, answer, now, effects)) {
                    release(now, effects);
                }
            }
            case "clock" -> rounds.onAnswer(server, answer, now, effects);
            case "election" -> coordinators.onAnswer(answer, now, effects);
            default -> {}
        }
    }

    private void onRef(Envelope answer, ServerMoment now, ServerEffects effects) {
        heartAnsweredMs = now.ms();
        if (refLost) {
            refLost = false;
            effects.say("reference server is back");
        }
        if (!answer.isOk() && answer.service().equals("heart")) {
            effects.ask(REF, self.stamp("register", now, Map.of("endpoint", self.endpoint())));
            return;
        }
        if (!answer.isOk()) {
            onRefused(answer, now, effects);
            return;
        }
        refusedFor = "";
        long rank = peers.rank();
        if (peers.onList(answer, now.ms())) {
            replication.onPeers(now, effects);
        }
        if (peers.rank() != rank) {
            effects.say("registered rank=" + peers.rank());
        }
    }

    /** The next heartbeat is refused as well, and registers again. */
    private void onRefused(Envelope answer, ServerMoment now, ServerEffects effects) {
        if (refusedFor.isEmpty()) {
            refusedFor = Printable.of(answer.textOrEmpty(Envelope.REASON));
            refusedSinceMs = now.ms();
            effects.say("refused by the reference server: " + refusedFor);
        }
    }

    /** Why the reference server has refused this server for so long that it has to end; empty where it has not. */
    public String refusedFor(ServerMoment now) {
        return now.ms() - refusedSinceMs >= REFUSED_MS ? refusedFor : "";
    }

    /** To be called every few tens of milliseconds. */
    public void onTick(ServerMoment now, ServerEffects effects) {
        if (now.ms() - heartMs >= HEART_MS) {
            heartMs = now.ms();
            effects.ask(REF, self.stamp("heart", now, Map.of("endpoint", self.endpoint())));
            effects.say("heartbeat coordinator=" + coordinators.coordinator() + " operations=" + log.entryCount());
        }
        if (!refLost && peers.rank() != 0 && now.ms() - heartAnsweredMs >= 5 * HEART_MS) {
            refLost = true;
            effects.say("reference server does not answer");
        }
        replication.onTick(now, effects);
        coordinators.onTick(now, effects);
        rounds.onTick(coordinators.setsClocks(now), now, effects);
        if (!parked.isEmpty()) {
            release(now, effects);
        }
        if (!parked.isEmpty() && now.ms() - wantedMs >= WANT_MS) {
            wantedMs = now.ms();
            replication.want(now, effects);
        }
    }

    /** For the files, which show them; the core changes them between its events only. */
    public Histories histories() {
        return histories;
    }

    /** The clock whose bound is to be kept before anything leaves. */
    public LamportClock lamport() {
        return self.lamport();
    }

    /** The corrected wall clock, milliseconds since 1970. */
    public long timeMs(ServerMoment now) {
        return self.clock().at(now.wallMs());
    }

    /** Where other servers can be asked, by name; who is missing here is not to be asked any more. */
    public Map<String, String> endpoints() {
        Map<String, String> endpoints = new TreeMap<>();
        peers.all().forEach(peer -> endpoints.put(peer.name(), peer.endpoint()));
        return endpoints;
    }

    /** The name of the coordinator; empty where none is known. */
    public String coordinator() {
        return coordinators.coordinator();
    }
}
