package dev.recado.transport.zmtp;

import static org.assertj.core.api.Assertions.assertThat;

import dev.recado.core.message.Draft;
import dev.recado.transport.Wire;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Messages of more than a slice: how they are written, and when they are done. */
class LargeOutputZmtpTest {

    private static final int LARGE = 1_100_000;

    private final ZmtpStage stage = new ZmtpStage();

    private static Draft large(char fill) {
        byte[] bytes = new byte[LARGE];
        Arrays.fill(bytes, (byte) fill);
        return new Draft().payload(bytes, 0, LARGE);
    }

    private void takeAll(ZmtpPeer peer) {
        while (peer.full) {
            peer.take();
            stage.broker.turn();
        }
        assertThat(peer.largestWrite).isLessThanOrEqualTo(Wire.SLICE_BYTES);
    }

    private static String framed(char fill) {
        return "[" + String.valueOf(fill).repeat(LARGE) + "]";
    }

    @Test
    void shouldBeDoneOnceTheSocketTookTheLastSlice() {
        // Given
        ZmtpPeer peer = stage.connect("a", "PULL", Role.PUSH);
        peer.slow = true;
        stage.store(ZmtpStage.PIPELINE, large('x'));
        stage.store(ZmtpStage.PIPELINE, "small");
        stage.broker.turn();

        // When
        for (int slice = 0; slice < LARGE / Wire.SLICE_BYTES; slice++) {
            assertThat(stage.settled(ZmtpStage.PIPELINE)).isEmpty();
            assertThat(stage.largeBytes.get()).isGreaterThan(LARGE);
            peer.take();
            stage.broker.turn();
        }
        takeAll(peer);

        // Then
        assertThat(stage.settled(ZmtpStage.PIPELINE)).containsExactly("ack 0", "ack 1");
        assertThat(framed('x').equals(peer.next())).isTrue();
        assertThat(peer.next()).isEqualTo("[small]");
        assertThat(peer.next()).isNull();
        assertThat(stage.largeBytes).hasValue(0);
    }

    @Test
    void shouldGiveBackWhatAPeerTookAPartOf() {
        // Given
        stage.connect("a", "PULL", Role.PUSH).slow = true;
        stage.store(ZmtpStage.PIPELINE, large('x'));
        stage.broker.turn();
        stage.peer("a").take();

        // When
        stage.peer("a").hangUp();

        // Then
        assertThat(stage.settled(ZmtpStage.PIPELINE)).isEmpty();
        assertThat(stage.ready(ZmtpStage.PIPELINE)).isEqualTo(1);
        assertThat(stage.largeBytes).hasValue(0);
    }

    @Test
    void shouldNotTakeARequestForDoneOfWhichAWorkerHasAPart() {
        // Given
        stage.connect("w", "REP", Role.DEALER).slow = true;
        stage.store(ZmtpStage.REQUESTS, large('x'));
        stage.broker.turn();
        stage.peer("w").take();

        // When
        stage.peer("w").hangUp();

        // Then
        assertThat(stage.settled(ZmtpStage.REQUESTS)).isEmpty();
        assertThat(stage.ready(ZmtpStage.REQUESTS)).isEqualTo(1);
    }

    @Test
    void shouldHoldALargeRequestUntilItsAnswer() {
        // Given
        ZmtpPeer worker = stage.connect("w", "REP", Role.DEALER);
        worker.slow = true;
        stage.store(ZmtpStage.REQUESTS, large('x'));
        stage.broker.turn();
        takeAll(worker);
        worker.slow = false;
        assertThat(stage.settled(ZmtpStage.REQUESTS)).isEmpty();

        // When
        worker.send("[][][a]");
        stage.broker.turn();

        // Then
        assertThat(stage.settled(ZmtpStage.REQUESTS)).containsExactly("ack 0");
        assertThat(worker.next()).startsWith("[\\x00][][xxx").hasSize(LARGE + 10);
    }

    @Test
    void shouldPublishInSlicesAndInOrder() {
        // Given
        for (String name : List.of("s", "t")) {
            stage.connect(name, "SUB", Role.XPUB).send("/SUBSCRIBE x");
        }
        ZmtpPeer slow = stage.peer("s");
        slow.slow = true;

        // When
        stage.store(ZmtpStage.PUBSUB, "x1");
        stage.store(ZmtpStage.PUBSUB, large('x'));
        stage.store(ZmtpStage.PUBSUB, large('y'));
        stage.store(ZmtpStage.PUBSUB, "x2");
        stage.broker.turn();
        takeAll(slow);

        // Then
        for (String name : List.of("s", "t")) {
            ZmtpPeer peer = stage.peer(name);
            assertThat(peer.next()).isEqualTo("[x1]");
            assertThat(framed('x').equals(peer.next())).as("of %s", name).isTrue();
            assertThat(peer.next()).isEqualTo("[x2]");
            assertThat(peer.next()).isNull();
            assertThat(peer.largestWrite).isLessThanOrEqualTo(Wire.SLICE_BYTES);
        }
        stage.broker.log(stage.topic(ZmtpStage.PUBSUB)).taps.forEach(tap -> assertThat(tap.writtenBytes)
                .isGreaterThan(2 * LARGE));
        assertThat(stage.largeBytes).hasValue(0);
    }

    @Test
    void shouldAnswerFromTheArrayInWhichTheAnswerCame() {
        // Given
        stage.answers.release(2 * LARGE);
        ZmtpPeer client = stage.connect("c", "REQ", Role.ROUTER);
        stage.play("c> [][q]");
        String address = stage.replyTo(ZmtpStage.REQUESTS).get(0);
        client.slow = true;
        long before = stage.answers.usedBytes();

        // When
        stage.link("c").reply(address, large('x'));
        stage.link("c").reply(address, new Draft().payload(Frame.ascii("small"), 0, 5));
        stage.link("c").reply(address, large('y'));
        stage.broker.turn();
        long held = stage.largeBytes.get();
        while (client.full) {
            client.take();
            stage.broker.turn();
        }

        // Then
        assertThat(held).isBetween((long) LARGE, LARGE + 1_000L);
        assertThat(client.next()).hasSize(LARGE + 4).startsWith("[][xx");
        assertThat(client.next()).isEqualTo("[][small]");
        assertThat(client.next()).hasSize(LARGE + 4).startsWith("[][yy");
        assertThat(client.next()).isNull();
        assertThat(stage.largeBytes).hasValue(0);
        assertThat(stage.answers.usedBytes()).isEqualTo(before);
    }

    @Test
    void shouldSayTheReasonOfAnEndBehindWhatIsUnderWay() {
        // Given
        ZmtpPeer peer = stage.connect("a", "PULL", Role.PUSH);
        peer.slow = true;
        stage.store(ZmtpStage.PIPELINE, large('x'));
        stage.broker.turn();

        // When
        peer.send("/NONSENSE");
        boolean early = peer.closed;
        takeAll(peer);

        // Then
        assertThat(early).isFalse();
        assertThat(framed('x').equals(peer.next())).isTrue();
        assertThat(peer.next()).isEqualTo("/ERROR unknown command");
        assertThat(peer.closed).isTrue();
    }

    @Test
    void shouldWriteOnWhileMemoryForOutputIsShort() {
        // Given
        ZmtpPeer peer = stage.connect("a", "PULL", Role.PUSH);
        peer.sliceBytes = 16_384;

        // When
        stage.store(ZmtpStage.PIPELINE, large('x'));
        stage.broker.turn();

        // Then
        assertThat(framed('x').equals(peer.next())).isTrue();
        assertThat(peer.largestWrite).isLessThanOrEqualTo(16_384);
    }
}
