package dev.recado.apps.messaging.server;

import dev.recado.apps.Stop;
import dev.recado.apps.messaging.clock.CorrectedClock;
import dev.recado.apps.messaging.file.KeptLamport;
import dev.recado.apps.messaging.history.HistoryEntry;
import dev.recado.apps.messaging.link.LinkSocket;
import dev.recado.apps.messaging.link.LinkSockets;
import dev.recado.apps.messaging.link.Speaker;
import dev.recado.apps.messaging.wire.Envelope;
import dev.recado.apps.messaging.wire.EnvelopeCodec;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.zeromq.SocketType;

/**
 * The process of a server: one thread has its sockets, files and core. Each turn takes what has arrived, makes all that
 * came of it durable with one sync, and then sends.
 */
public final class ServerLoop {

    /** A clock is wrong by no more, so that what it shows is a time. */
    public static final long SKEW_MS_MAX = CorrectedClock.CORRECTION_MS_MAX;

    private static final int TURN_MS = 20;
    private static final int TURN_MESSAGES_MAX = 256;
    private static final long SHOW_MS = 200;
    /** A file that takes long to write may take that share of the time. */
    private static final long SHOW_SHARE = 10;

    private static final byte[] DELIMITER = {};

    /** Where a server finds the others. */
    public record Endpoints(String backend, String xsub, String xpub, String ref, String bind) {}

    /**
     * Which start of which server this is.
     *
     * @param tail what makes this start another than all others: twelve digits
     * @param skewMs how wrong the wall clock is, for trials
     */
    public record Self(String name, String tail, long skewMs) {}

    /** Who asked on which socket: all frames in front of the request, the empty one too. */
    private record Address(LinkSocket socket, List<byte[]> frames) implements ServerEffects.Caller {}

    private final ServerFiles files;
    private final LinkSockets sockets;
    private final Stop stop;
    private final Speaker speaker;
    private final KeptLamport lamport;
    private final ServerCore core;
    private final LinkSocket worker;
    private final LinkSocket own;
    private final LinkSocket pub;
    private final LinkSocket sub;
    private final LinkSocket ref;
    private final Map<String, LinkSocket> peers = new HashMap<>();
    private final Map<String, String> peerEndpoints = new HashMap<>();
    private final Effects effects = new Effects();
    private long shownMs;
    private long showAfterMs = SHOW_MS;

    private ServerLoop(
            Self self,
            Endpoints at,
            ServerOptions options,
            ServerFiles files,
            LinkSockets sockets,
            Stop stop,
            Speaker speaker)
            throws IOException {
        this.files = files;
        this.sockets = sockets;
        this.stop = stop;
        this.speaker = speaker;
        own = sockets.bind(SocketType.ROUTER, at.bind());
        worker = sockets.connect(SocketType.DEALER, at.backend());
        pub = sockets.connect(SocketType.PUB, at.xsub());
        sub = sockets.connect(SocketType.SUB, at.xpub());
        sub.subscribe(Replication.TOPIC);
        sub.subscribe(Coordinators.TOPIC);
        ref = sockets.connectForNow(SocketType.DEALER, at.ref());
        lamport = files.lamport();
        core = new ServerCore(
                self.name(),
                self.name() + "." + self.tail(),
                own.endpoint(),
                lamport.clock(),
                new CorrectedClock(self.skewMs()),
                files.takeKept(),
                options);
    }

    /** Runs a server until it is stopped. */
    public static void run(Self self, Endpoints at, ServerOptions options, Path folder, Stop stop, Speaker speaker)
            throws IOException {
        try (ServerFiles files = ServerFiles.open(folder);
                LinkSockets sockets = new LinkSockets()) {
            ServerLoop loop = new ServerLoop(self, at, options, files, sockets, stop, speaker);
            loop.effects.say("listens at " + loop.own.endpoint());
            if (files.cutBytes() > 0) {
                loop.effects.say("cut what a crash left of operations.log bytes=" + files.cutBytes());
            }
            loop.loop();
        }
    }

    private void loop() throws IOException {
        while (!stop.isRequested()) {
            sockets.await(TURN_MS);
            turn();
        }
        files.show(core.histories());
    }

    private void turn() throws IOException {
        ServerMoment now = now();
        drain(worker, frames -> onRequest(worker, frames, now, core::onBrokered));
        drain(own, frames -> onRequest(own, frames, now, core::onRequest));
        drain(sub, frames -> onEnvelope(frames, envelope -> core.onPublication(envelope, now, effects)));
        drain(ref, frames -> onEnvelope(frames, envelope -> core.onAnswer(ServerCore.REF, envelope, now, effects)));
        List.copyOf(peers.entrySet())
                .forEach(peer -> drain(
                        peer.getValue(),
                        frames ->
                                onEnvelope(frames, envelope -> core.onAnswer(peer.getKey(), envelope, now, effects))));
        core.onTick(now, effects);
        String refused = core.refusedFor(now);
        if (!refused.isEmpty()) {
            throw new IOException("the reference server refuses this server: " + refused);
        }
        follow(core.endpoints());
        effects.perform();
        if (now.ms() - shownMs >= showAfterMs) {
            files.show(core.histories());
            shownMs = now.ms();
            showAfterMs = Math.max(SHOW_MS, SHOW_SHARE * (now().ms() - now.ms()));
        }
    }

    private static ServerMoment now() {
        return new ServerMoment(System.nanoTime() / 1_000_000, System.currentTimeMillis());
    }

    private interface Taker<T> {
        void take(T taken);
    }

    private interface RequestTaker {
        void take(ServerEffects.Caller caller, Envelope request, ServerMoment now, ServerEffects effects);
    }

    private static void drain(LinkSocket socket, Taker<List<byte[]>> taker) {
        for (int i = 0; i < TURN_MESSAGES_MAX; i++) {
            List<byte[]> frames = socket.receive();
            if (frames == null) {
                return;
            }
            taker.take(frames);
        }
    }

    /** The last frame is the envelope; what is malformed is nobody's and is dropped. */
    private static void onEnvelope(List<byte[]> frames, Taker<Envelope> taker) {
        Envelope envelope = EnvelopeCodec.decode(frames.get(frames.size() - 1)).envelope();
        if (envelope != null) {
            taker.take(envelope);
        }
    }

    /** A request stands behind an empty frame; what does not is nobody's and is dropped. */
    private void onRequest(LinkSocket socket, List<byte[]> frames, ServerMoment now, RequestTaker taker) {
        int last = frames.size() - 1;
        if (last < 1 || frames.get(last - 1).length > 0) {
            return;
        }
        Address caller = new Address(socket, List.copyOf(frames.subList(0, last)));
        EnvelopeCodec.Decoded decoded = EnvelopeCodec.decode(frames.get(last));
        if (decoded.envelope() == null) {
            effects.reply(caller, core.malformed(decoded.problem(), now));
        } else {
            taker.take(caller, decoded.envelope(), now, effects);
        }
    }

    /** A socket for each server that the list has; one that moved gets another. */
    private void follow(Map<String, String> endpoints) {
        for (String name : List.copyOf(peers.keySet())) {
            if (!peerEndpoints.getOrDefault(name, "").equals(endpoints.getOrDefault(name, ""))) {
                LinkSocket left = peers.remove(name);
                if (left != null) {
                    sockets.close(left);
                }
                peerEndpoints.remove(name);
            }
        }
        endpoints.forEach((name, endpoint) -> {
            if (!peers.containsKey(name)) {
                peers.put(name, sockets.connectForNow(SocketType.DEALER, endpoint));
                peerEndpoints.put(name, endpoint);
            }
        });
    }

    /** Gathers what a turn does, since nothing may leave before what it rests on is durable. */
    private final class Effects implements ServerEffects {
        private final List<HistoryEntry> kept = new ArrayList<>();
        private final List<Runnable> sends = new ArrayList<>();

        @Override
        public void keep(HistoryEntry entry) {
            kept.add(entry);
        }

        @Override
        public void publish(String topic, Envelope envelope) {
            byte[] bytes = EnvelopeCodec.encode(envelope);
            sends.add(() -> pub.send(topic.getBytes(StandardCharsets.UTF_8), bytes));
        }

        @Override
        public void reply(Caller caller, Envelope envelope) {
            byte[] bytes = EnvelopeCodec.encode(envelope);
            sends.add(() -> {
                Address address = (Address) caller;
                List<byte[]> frames = new ArrayList<>(address.frames());
                frames.add(bytes);
                address.socket().send(frames.toArray(byte[][]::new));
            });
        }

        @Override
        public void ask(String server, Envelope envelope) {
            byte[] bytes = EnvelopeCodec.encode(envelope);
            sends.add(() -> {
                @Nullable LinkSocket socket = server.equals(ServerCore.REF) ? ref : peers.get(server);
                if (socket != null) {
                    socket.send(DELIMITER, bytes);
                }
            });
        }

        @Override
        public void say(String line) {
            speaker.say(core.timeMs(now()), core.lamport().value(), line);
        }

        void perform() throws IOException {
            if (!kept.isEmpty()) {
                files.keep(kept);
                kept.clear();
            }
            lamport.keep();
            sends.forEach(Runnable::run);
            sends.clear();
        }
    }
}
