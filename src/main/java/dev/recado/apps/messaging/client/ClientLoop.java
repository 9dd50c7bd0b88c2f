package dev.recado.apps.messaging.client;

import dev.recado.apps.Stop;
import dev.recado.apps.messaging.link.LinkSocket;
import dev.recado.apps.messaging.link.LinkSockets;
import dev.recado.apps.messaging.link.Speaker;
import dev.recado.apps.messaging.wire.Envelope;
import dev.recado.apps.messaging.wire.EnvelopeCodec;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import org.jspecify.annotations.Nullable;
import org.zeromq.SocketType;

/** The process of a client: one thread has its sockets and its core; another one reads what a person types. */
public final class ClientLoop {

    private static final int TURN_MS = 20;
    /** Lines that were typed ahead; the reader waits with more. */
    private static final int LINES_MAX = 100;

    private static final byte[] DELIMITER = {};

    private final ClientCore core;
    private final Stop stop;
    private final Speaker speaker;
    private final LinkSocket ask;
    private final LinkSocket sub;

    private ClientLoop(
            String user,
            String session,
            String frontend,
            String xpub,
            LinkSockets sockets,
            Stop stop,
            Speaker speaker) {
        core = new ClientCore(user, session);
        this.stop = stop;
        this.speaker = speaker;
        ask = sockets.connectForNow(SocketType.DEALER, frontend);
        sub = sockets.connect(SocketType.SUB, xpub);
    }

    /** Runs a bot; answers whether all that it asked was done. */
    public static boolean runBot(
            BotPlan plan, String session, String frontend, String xpub, Stop stop, Speaker speaker) {
        try (LinkSockets sockets = new LinkSockets()) {
            ClientLoop loop = new ClientLoop(plan.user(), session, frontend, xpub, sockets, stop, speaker);
            return loop.loop(sockets, new BotDriver(plan));
        }
    }

    /** Runs a client that {@code input} drives, to its end; answers whether all that was asked was done. */
    public static boolean runPerson(
            String user,
            String session,
            String frontend,
            String xpub,
            BufferedReader input,
            Stop stop,
            Speaker speaker) {
        BlockingQueue<String> lines = new ArrayBlockingQueue<>(LINES_MAX);
        Thread reader = new Thread(() -> read(input, lines), "messaging-input");
        reader.setDaemon(true);
        reader.start();
        try (LinkSockets sockets = new LinkSockets()) {
            ClientLoop loop = new ClientLoop(user, session, frontend, xpub, sockets, stop, speaker);
            return loop.loop(sockets, new PersonDriver(lines, loop::say));
        }
    }

    private static void read(BufferedReader input, BlockingQueue<String> lines) {
        try {
            String line = input.readLine();
            while (line != null) {
                lines.put(line);
                line = input.readLine();
            }
            lines.put(PersonDriver.END);
        } catch (IOException e) {
            boolean ignored = lines.offer(PersonDriver.END);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private boolean loop(LinkSockets sockets, ClientDriver driver) {
        Effects effects = new Effects();
        boolean goesOn = true;
        while (goesOn && !core.isLoginLost() && !stop.isRequested()) {
            sockets.await(TURN_MS);
            receive(effects);
            long nowMs = System.nanoTime() / 1_000_000;
            core.onTick(nowMs, System.currentTimeMillis(), effects);
            goesOn = driver.onTick(
                    nowMs,
                    core.isWaiting(),
                    (service, fields) -> core.request(service, fields, nowMs, System.currentTimeMillis(), effects));
        }
        say("done answered=" + core.answered() + " failed=" + core.failed());
        return core.failed() == 0;
    }

    private void receive(Effects effects) {
        List<byte[]> frames = ask.receive();
        while (frames != null) {
            Envelope answer = last(frames);
            if (answer != null) {
                core.onAnswer(answer, System.currentTimeMillis(), effects);
            }
            frames = ask.receive();
        }
        frames = sub.receive();
        while (frames != null) {
            Envelope publication = last(frames);
            if (publication != null) {
                core.onPublication(new String(frames.get(0), StandardCharsets.UTF_8), publication, effects);
            }
            frames = sub.receive();
        }
    }

    private static @Nullable Envelope last(List<byte[]> frames) {
        return EnvelopeCodec.decode(frames.get(frames.size() - 1)).envelope();
    }

    private void say(String line) {
        speaker.say(core.timeMs(System.currentTimeMillis()), core.lamport(), line);
    }

    private final class Effects implements ClientEffects {
        @Override
        public void send(Envelope request) {
            // One that finds no room, as nothing is connected, is sent again like one that was lost.
            boolean ignored = ask.send(DELIMITER, EnvelopeCodec.encode(request));
        }

        @Override
        public void subscribe(String topic, boolean wanted) {
            if (wanted) {
                sub.subscribe(topic);
            } else {
                sub.unsubscribe(topic);
            }
        }

        @Override
        public void say(String line) {
            ClientLoop.this.say(line);
        }
    }
}
