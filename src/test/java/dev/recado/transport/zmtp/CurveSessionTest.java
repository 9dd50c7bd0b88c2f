package dev.recado.transport.zmtp;

import static org.assertj.core.api.Assertions.assertThat;

import dev.recado.base.ByteWriter;
import dev.recado.transport.zmtp.curve.CurveClient;
import dev.recado.transport.zmtp.curve.CurveKeys;
import dev.recado.transport.zmtp.wire.Frames;
import dev.recado.transport.zmtp.wire.Greeting;
import dev.recado.transport.zmtp.wire.Metadata;
import dev.recado.transport.zmtp.wire.Recorded;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Queue;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** PUSH sockets behind CURVE: what is opened meets the same bounds as what comes in the clear. */
class CurveSessionTest {

    private static final int MORE = 1;
    private static final long SEED = 21;

    private final ZmtpStage stage = new ZmtpStage();
    private final Random random = new Random(SEED);

    /** One connection: a socket and the client's keys. */
    private record Pusher(ZmtpPeer peer, CurveClient client) {

        void frame(int flags, byte[] body) {
            reads(flags, body).forEach(peer::send);
        }

        /** What a frame is to a socket that reads 16 KB at a time. */
        List<byte[]> reads(int flags, byte[] body) {
            byte[] sealed = client.message(flags, body);
            ByteWriter out = new ByteWriter(sealed.length + 16);
            Frames.put(out, false, sealed, 0, sealed.length);
            byte[] bytes = out.toByteArray();
            List<byte[]> reads = new ArrayList<>();
            for (int at = 0; at < bytes.length; at += 16_000) {
                reads.add(Arrays.copyOfRange(bytes, at, Math.min(at + 16_000, bytes.length)));
            }
            return reads;
        }

        /** Sends the first of {@code reads} if it is read; answers how many bytes. */
        int sendNext(Queue<byte[]> reads) {
            byte[] next = peer.reading && !peer.closed ? reads.poll() : null;
            if (next == null) {
                return 0;
            }
            peer.send(next);
            return next.length;
        }
    }

    private byte[] secret() {
        byte[] secret = new byte[CurveKeys.KEY_BYTES];
        random.nextBytes(secret);
        return secret;
    }

    private Pusher connect() {
        if (stage.curve == null) {
            stage.curve = new Curve.Keys(CurveKeys.ofSecret(secret()), key -> true, null, random::nextBytes);
        }
        ZmtpPeer peer = stage.connection(Role.PULL);
        byte[] greeting = Arrays.copyOf(Recorded.PUSH, Greeting.BYTES);
        Arrays.fill(greeting, Greeting.MECHANISM_AT, Greeting.BYTES, (byte) 0);
        System.arraycopy(Frame.ascii("CURVE"), 0, greeting, Greeting.MECHANISM_AT, 5);
        peer.send(greeting);
        CurveClient client = new CurveClient(secret(), stage.curve.pair().publicKey(), random);
        command(peer, client.hello());
        ByteWriter metadata = new ByteWriter(64);
        Metadata.put(metadata, "PUSH", null);
        command(peer, client.initiate(peer.nextBody(), metadata.toByteArray()));
        stage.broker.turn();
        client.onReady(peer.nextBody());
        return new Pusher(peer, client);
    }

    private static void command(ZmtpPeer peer, byte[] body) {
        ByteWriter out = new ByteWriter(512);
        Frames.putCommandBody(out, body, 0, body.length);
        peer.send(out.toByteArray());
    }

    private static byte[] body(char fill, int bytes) {
        byte[] body = new byte[bytes];
        Arrays.fill(body, (byte) fill);
        return body;
    }

    private List<Integer> storedLengths() {
        stage.broker.turn();
        List<Integer> lengths = new ArrayList<>();
        for (String each : stage.stored(ZmtpStage.PIPELINE)) {
            lengths.add(each.length());
            assertThat(each.replaceAll("\\|.*", "")).matches("a*|b*");
        }
        return lengths;
    }

    @Test
    void shouldStoreWhatIsOpened() {
        Pusher pusher = connect();
        pusher.frame(0, body('a', 10));
        pusher.frame(MORE, body('a', 3));
        pusher.frame(MORE, body('b', 100_000));
        pusher.frame(0, body('b', 1));
        pusher.frame(0, body('b', 300_000));
        assertThat(storedLengths()).containsExactly(13, 100_007, 300_003);
        assertThat(stage.budget.usedBytes()).isZero();
    }

    @Test
    void shouldWaitForMemoryAndKeepWhatWasOpened() {
        // Given
        Pusher first = connect();
        Pusher second = connect();
        first.frame(MORE, body('a', 60_000));
        assertThat(stage.budget.tryReserve((4 << 20) - stage.budget.usedBytes()))
                .isTrue();

        // When
        first.frame(MORE, body('b', 30_000));
        boolean readingMeanwhile = first.peer().reading;
        second.frame(0, body('a', 1_000));
        stage.budget.release(3 << 20);
        first.peer().session().onTick();
        first.frame(0, body('b', 1));

        // Then
        assertThat(readingMeanwhile).isFalse();
        assertThat(storedLengths()).containsExactly(90_004, 1_003);
        assertThat(stage.stored(ZmtpStage.PIPELINE).get(0))
                .isEqualTo("a".repeat(60_000) + "|" + "b".repeat(30_001) + "|2");
    }

    @Test
    void shouldGiveMemoryBackWithTheLastFrame() {
        // Given
        Pusher pusher = connect();
        pusher.frame(MORE, body('a', 100_000));
        long usedMeanwhile = stage.budget.usedBytes();

        // When
        pusher.frame(0, body('b', 1));

        // Then
        assertThat(usedMeanwhile).isPositive();
        assertThat(stage.budget.usedBytes()).isZero();
    }

    /** What lies behind it in the same read waits too, and nothing comes that would wake it. */
    @Test
    void shouldGoOnWithWhatWasOpenedWithoutMoreInput() {
        // Given
        Pusher pusher = connect();
        pusher.frame(MORE, body('a', 60_000));
        long others = (4 << 20) - stage.budget.usedBytes();
        assertThat(stage.budget.tryReserve(others)).isTrue();
        ByteWriter read = new ByteWriter(64);
        pusher.reads(0, body('b', 30_000)).forEach(read::put);
        pusher.reads(0, body('b', 10)).forEach(read::put);

        // When
        pusher.peer().send(read.toByteArray());
        boolean readingMeanwhile = pusher.peer().reading;
        stage.budget.release(others);
        pusher.peer().session().onTick();

        // Then
        assertThat(readingMeanwhile).isFalse();
        assertThat(storedLengths()).containsExactly(90_003, 13);
        assertThat(stage.budget.usedBytes()).isZero();
    }

    /** A sealed frame and what was opened before it need memory at once: those who have the one wait for nobody. */
    @Test
    void shouldNotWaitInACircleForMemory() {
        // Given
        stage.messageBytesMax = 1_300_000;
        List<Pusher> pushers = List.of(connect(), connect(), connect());
        List<Queue<byte[]>> reads = new ArrayList<>();
        for (Pusher each : pushers) {
            Queue<byte[]> mine = new ArrayDeque<>(each.reads(MORE, body('a', 60_000)));
            mine.addAll(each.reads(MORE, body('b', 20_000)));
            mine.addAll(each.reads(0, body('b', 1_000_000)));
            reads.add(mine);
        }

        // When
        for (int round = 0; round < 500; round++) {
            for (int i = 0; i < pushers.size(); i++) {
                pushers.get(i).sendNext(reads.get(i));
                pushers.get(i).peer().session().onTick();
                stage.broker.turn();
            }
        }

        // Then
        assertThat(storedLengths()).containsExactly(1_080_003, 1_080_003, 1_080_003);
        assertThat(stage.budget.usedBytes()).isZero();
    }

    @Test
    void shouldHoldNoMoreThanItAskedFor() {
        // Given
        Pusher pusher = connect();
        Queue<byte[]> reads = new ArrayDeque<>(pusher.reads(MORE, body('a', 3_000)));
        reads.addAll(pusher.reads(0, body('b', 900_000)));
        long others = 3 << 20;
        assertThat(stage.budget.tryReserve(others)).isTrue();

        // When
        long sent = 0;
        for (int round = 0; round < 100; round++) {
            sent += pusher.sendNext(reads);
            pusher.peer().session().onTick();
        }

        // Then
        assertThat(sent).isLessThan(stage.budget.usedBytes() - others + 40_000);
        stage.budget.release(others);
        for (int round = 0; round < 100; round++) {
            pusher.peer().session().onTick();
            pusher.sendNext(reads);
        }
        assertThat(storedLengths()).containsExactly(903_003);
        assertThat(stage.budget.usedBytes()).isZero();
    }

    @Test
    void shouldEndAMessageThatTurnsOutLargerThanTheMemory() {
        // Given
        Pusher pusher = connect();
        assertThat(stage.budget.tryReserve(3 << 20)).isTrue();

        // When
        pusher.frame(MORE, body('a', 900_000));
        stage.broker.turn();

        // Then
        assertThat(pusher.peer().closed).isTrue();
        assertThat(stage.budget.usedBytes()).isEqualTo(3 << 20);
    }

    @Test
    void shouldTakeMemoryFromAMessageThatStandsStill() {
        // Given
        Pusher pusher = connect();
        pusher.frame(MORE, body('a', 100_000));
        assertThat(stage.budget.usedBytes()).isPositive();

        // When
        for (int second = 0; second < 100 && !pusher.peer().closed; second++) {
            stage.clock.nowMs += 1_000;
            pusher.peer().session().onTick();
            stage.broker.turn();
        }

        // Then
        assertThat(pusher.peer().closed).isTrue();
        assertThat(stage.budget.usedBytes()).isZero();
    }

    @Test
    void shouldGiveMemoryBackAsSoonAsItEnds() {
        // Given
        Pusher pusher = connect();
        pusher.frame(MORE, body('a', 100_000));
        pusher.peer().full = true;

        // When
        pusher.peer().session().drain();
        stage.broker.turn();

        // Then
        assertThat(pusher.peer().closed).isFalse();
        assertThat(stage.budget.usedBytes()).isZero();
    }
}
