package dev.recado.apps.messaging.ref;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.recado.apps.Stop;
import dev.recado.apps.messaging.file.KeptLamport;
import dev.recado.apps.messaging.file.ReplacedFile;
import dev.recado.apps.messaging.link.LinkSocket;
import dev.recado.apps.messaging.link.LinkSockets;
import dev.recado.apps.messaging.link.Speaker;
import dev.recado.apps.messaging.wire.Envelope;
import dev.recado.apps.messaging.wire.EnvelopeCodec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.zeromq.SocketType;

/** The process of the reference server: one thread has its socket, its book of ranks and {@code ref_servers.json}. */
public final class RefLoop {

    private static final String NAME = "ref";
    private static final int TURN_MS = 100;
    private static final ObjectMapper JSON = new ObjectMapper();

    private final RankBook book;
    private final Path file;
    private final Speaker speaker;
    private final KeptLamport lamport;
    private String living = "";

    private RefLoop(RankBook book, Path file, KeptLamport lamport, Speaker speaker) {
        this.book = book;
        this.file = file;
        this.lamport = lamport;
        this.speaker = speaker;
    }

    /**
     * Runs it until it is stopped.
     *
     * @param expiryMs how long a server counts as alive after its last sign
     */
    public static void run(String bind, Path folder, long expiryMs, Stop stop, Speaker speaker) throws IOException {
        Files.createDirectories(folder);
        Path file = folder.resolve("ref_servers.json");
        RankBook book = new RankBook(expiryMs);
        restore(book, file);
        RefLoop loop = new RefLoop(book, file, KeptLamport.open(folder.resolve("clock.json")), speaker);
        try (LinkSockets sockets = new LinkSockets()) {
            LinkSocket socket = sockets.bind(SocketType.ROUTER, bind);
            loop.say("listens at " + socket.endpoint());
            while (!stop.isRequested()) {
                sockets.await(TURN_MS);
                loop.turn(socket);
            }
        }
    }

    private static void restore(RankBook book, Path file) throws IOException {
        if (Files.exists(file)) {
            for (JsonNode server : JSON.readTree(Files.readString(file)).path("servers")) {
                book.restore(server.path("name").asText(), server.path("rank").asLong());
            }
        }
    }

    private void turn(LinkSocket socket) throws IOException {
        List<byte[]> frames = socket.receive();
        while (frames != null) {
            if (frames.size() == 3) {
                byte[] answer = EnvelopeCodec.encode(answer(frames.get(2)));
                lamport.keep();
                socket.send(frames.get(0), frames.get(1), answer);
            }
            frames = socket.receive();
        }
        StringBuilder names = new StringBuilder();
        for (Object server : book.living(nowMs())) {
            Map<?, ?> fields = (Map<?, ?>) server;
            names.append(' ').append(fields.get("name")).append('=').append(fields.get("rank"));
        }
        if (!living.contentEquals(names)) {
            living = names.toString();
            say("servers alive:" + (living.isEmpty() ? " none" : living));
        }
    }

    private static long nowMs() {
        return System.nanoTime() / 1_000_000;
    }

    private Envelope answer(byte[] bytes) throws IOException {
        EnvelopeCodec.Decoded decoded = EnvelopeCodec.decode(bytes);
        Envelope request = decoded.envelope();
        if (request == null || !lamport.clock().isCredible(request.clock())) {
            return stamp("malformed", null, request == null ? decoded.problem() : "a clock too far ahead");
        }
        lamport.clock().receive(request.clock());
        String endpoint = request.textOrEmpty("endpoint");
        String problem =
                switch (request.service()) {
                    case "register" -> register(request.user(), endpoint);
                    case "heart" -> book.heart(request.user(), endpoint, nowMs()) ? null : "not registered";
                    case "list" -> null;
                    default -> "unknown service";
                };
        return stamp(request.service(), request, problem);
    }

    /** A rank is durable before it is told. */
    private @Nullable String register(String name, String endpoint) throws IOException {
        int count = book.ranks().size();
        String problem = book.register(name, endpoint, nowMs());
        if (book.ranks().size() != count) {
            List<Object> servers = new ArrayList<>();
            book.ranks().forEach((server, rank) -> {
                Map<String, Object> fields = new LinkedHashMap<>();
                fields.put("name", server);
                fields.put("rank", rank);
                servers.add(fields);
            });
            ReplacedFile.write(file, JSON.writeValueAsString(Map.of("servers", servers)) + "\n");
            say("rank=" + book.ranks().get(name) + " given to " + name);
        }
        return problem;
    }

    private Envelope stamp(String service, @Nullable Envelope request, @Nullable String problem) {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put(Envelope.ID, request == null ? "" : request.textOrEmpty(Envelope.ID));
        if (problem == null) {
            fields.put(Envelope.STATUS, Envelope.OK);
            fields.put("servers", book.living(nowMs()));
        } else {
            fields.put(Envelope.STATUS, Envelope.ERROR);
            fields.put(Envelope.REASON, problem);
        }
        return new Envelope(
                service, NAME, System.currentTimeMillis(), lamport.clock().tick(), fields);
    }

    private void say(String line) {
        speaker.say(System.currentTimeMillis(), lamport.clock().value(), line);
    }
}
