package dev.recado.transport.zmtp;

import static org.assertj.core.api.Assertions.assertThat;

import dev.recado.base.ByteWriter;
import dev.recado.broker.SubscriptionLink;
import dev.recado.broker.TapBatch;
import dev.recado.broker.session.Batches;
import dev.recado.core.message.Draft;
import dev.recado.core.message.MessageLayout;
import dev.recado.core.message.StoredRun;
import dev.recado.transport.FakeBroker;
import dev.recado.transport.FakeSubscription;
import dev.recado.transport.Wire;
import java.util.ArrayList;
import java.util.List;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.Test;

/** SUB sockets at the role XPUB. */
class XpubSessionTest {

    private final ZmtpStage stage = new ZmtpStage();

    /** The tap of the subscriber that came as number {@code index}. */
    private FakeSubscription tap(int index) {
        return stage.broker.log(stage.topic(ZmtpStage.PUBSUB)).taps.get(index);
    }

    /** A batch of one run of messages {@code a0, b1, a2…}, each of {@code bytes}. */
    private static TapBatch batch(int count, int bytes, boolean shared) {
        ByteWriter out = new ByteWriter(1_024);
        int start = out.skip(9) + 9;
        for (int i = 0; i < count; i++) {
            byte[] payload = Frame.ascii(((i % 2 == 0 ? "a" : "b") + i + "x".repeat(bytes)).substring(0, bytes));
            MessageLayout.write(out, new Draft().payload(payload, 0, bytes));
        }
        byte[] run = out.toByteArray();
        return Batches.tap(
                0,
                List.of(new StoredRun(
                        run, 0, start, run.length, 1, 0, count, FakeBroker.PUBLISH_TIME_MS, 0, 1, null, 0, 1)),
                shared);
    }

    private void tapped(String name, int index, TapBatch batch) {
        SubscriptionLink tap = tap(index);
        stage.link(name).port.deliveries().onTapped(tap, batch);
        stage.broker.turn();
    }

    private List<String> heard(String name) {
        List<String> heard = new ArrayList<>();
        for (String next = stage.peer(name).next();
                next != null;
                next = stage.peer(name).next()) {
            heard.add(next);
        }
        return heard;
    }

    @Test
    void shouldGiveWhatBeginsWithAPrefixInBothFormsOfSubscribing() {
        stage.play("""
                s = SUB at XPUB
                x = XSUB at XPUB
                p = PUB at XSUB
                p< [\\x01]
                p> [news.early][none]
                s> /SUBSCRIBE news.
                x> [\\x01sport.]
                x> [\\x01]
                p> [news.a][1]
                p> [sport.a][2]
                p> [newsx]
                p> [news.only]
                s< [news.a][1]
                s< [news.only]
                x< [news.a][1]
                x< [sport.a][2]
                x< [newsx]
                x< [news.only]
                x> [\\x00]
                s> /CANCEL news.
                p> [news.b][3]
                p> [sport.b][4]
                x< [sport.b][4]
                """);
    }

    @Test
    void shouldCountASubscriptionOnce() {
        stage.play("""
                s = SUB at XPUB
                p = PUB at XSUB
                p< [\\x01]
                s> /SUBSCRIBE a
                s> /SUBSCRIBE a
                s> [\\x01a]
                s> /CANCEL never
                p> [ab]
                s< [ab]
                s> [\\x00a]
                p> [ac]
                """);
    }

    @Test
    void shouldPassOverMessagesThatAreNoSubscription() {
        stage.play("""
                s = XSUB at XPUB
                p = PUB at XSUB
                p< [\\x01]
                s> [hello]
                s> [\\x01a][b]
                s> []
                s> [\\x02a]
                p> [ab]
                s> [\\x01a]
                p> [ab]
                s< [ab]
                """);
    }

    @Test
    void shouldShareTheEncodingAmongThoseThatWantTheSame() {
        // Given
        for (String name : List.of("a", "b", "c", "d")) {
            stage.connect(name, "SUB", Role.XPUB);
            stage.peer(name).send("/SUBSCRIBE " + (name.equals("c") ? "b" : "a"));
        }
        stage.peer("d").send("/SUBSCRIBE b");
        TapBatch batch = batch(10, 20, true);

        // When
        for (int i = 0; i < 4; i++) {
            tapped(String.valueOf((char) ('a' + i)), i, batch);
        }

        // Then
        List<String> ofA = heard("a");
        assertThat(ofA).hasSize(5).allMatch(each -> each.startsWith("[a"));
        assertThat(heard("b")).isEqualTo(ofA);
        assertThat(heard("c")).hasSize(5).allMatch(each -> each.startsWith("[b"));
        assertThat(heard("d")).hasSize(10);
        assertThat(tap(0).writtenBytes).isEqualTo(batch.bytes()).isEqualTo(tap(3).writtenBytes);
        assertThat(batch)
                .extracting("encoded")
                .asInstanceOf(InstanceOfAssertFactories.MAP)
                .hasSize(2);
    }

    @Test
    void shouldEncodeTheSameSharedOrNotInSlicesOrNot() {
        for (int sliceBytes : new int[] {Wire.SLICE_BYTES, 100, 1}) {
            for (boolean shared : new boolean[] {true, false}) {
                ZmtpStage fresh = new ZmtpStage();
                ZmtpPeer peer = fresh.connect("s", "SUB", Role.XPUB);
                peer.send("/SUBSCRIBE a");
                peer.sliceBytes = Math.max(100, sliceBytes);
                TapBatch batch = batch(101, 60, shared);
                FakeSubscription tap =
                        fresh.broker.log(fresh.topic(ZmtpStage.PUBSUB)).taps.get(0);
                fresh.link("s").port.deliveries().onTapped(tap, batch);
                fresh.broker.turn();
                for (int i = 0; i < 51; i++) {
                    assertThat(peer.next())
                            .as("%d of %d, shared %s", i, sliceBytes, shared)
                            .startsWith("[a" + 2 * i);
                }
                assertThat(peer.next()).isNull();
                assertThat(tap.writtenBytes).isEqualTo(batch.bytes());
            }
        }
    }

    @Test
    void shouldReportABatchOfWhichItWantsNothing() {
        for (boolean shared : new boolean[] {true, false}) {
            // Given
            ZmtpStage fresh = new ZmtpStage();
            ZmtpPeer peer = fresh.connect("s", "SUB", Role.XPUB);
            peer.send("/SUBSCRIBE zzz");
            FakeSubscription tap =
                    fresh.broker.log(fresh.topic(ZmtpStage.PUBSUB)).taps.get(0);
            TapBatch batch = batch(10, 50, shared);

            // When
            fresh.link("s").port.deliveries().onTapped(tap, batch);
            fresh.broker.turn();

            // Then
            assertThat(tap.writtenBytes).as("shared %s", shared).isEqualTo(batch.bytes());
        }
    }

    @Test
    void shouldReportABatchOfWhichItWantsNothingNoSoonerThanWhatIsBeforeIt() {
        // Given
        ZmtpPeer peer = stage.connect("s", "SUB", Role.XPUB);
        peer.send("/SUBSCRIBE a");
        peer.slow = true;
        TapBatch wanted = batch(1, 50, false);
        tapped("s", 0, wanted);
        peer.send("/CANCEL a");
        peer.send("/SUBSCRIBE zzz");

        // When
        tapped("s", 0, batch(10, 50, false));

        // Then
        assertThat(tap(0).writtenBytes).isZero();
        peer.take();
        stage.broker.turn();
        assertThat(tap(0).writtenBytes)
                .isEqualTo(wanted.bytes() + batch(10, 50, false).bytes());
    }

    @Test
    void shouldGoOnWithANewWishBetweenTwoSlices() {
        for (boolean shared : new boolean[] {true, false}) {
            // Given
            ZmtpStage fresh = new ZmtpStage();
            ZmtpPeer peer = fresh.connect("s", "SUB", Role.XPUB);
            peer.send("/SUBSCRIBE a");
            peer.slow = true;
            peer.sliceBytes = 200;
            FakeSubscription tap =
                    fresh.broker.log(fresh.topic(ZmtpStage.PUBSUB)).taps.get(0);
            TapBatch batch = batch(40, 50, shared);
            fresh.link("s").port.deliveries().onTapped(tap, batch);
            fresh.broker.turn();

            // When
            peer.send("/CANCEL a");
            peer.send("/SUBSCRIBE b");
            for (int i = 0; i < 20; i++) {
                peer.take();
                fresh.broker.turn();
            }

            // Then
            String last = "";
            int count = 0;
            for (String next = peer.next(); next != null; next = peer.next()) {
                last = next;
                count++;
            }
            assertThat(count).as("shared %s", shared).isBetween(19, 21);
            assertThat(last).startsWith(shared ? "[a" : "[b");
            assertThat(tap.writtenBytes).isEqualTo(batch.bytes());
        }
    }

    @Test
    void shouldEndWhoWantsTooMuch() {
        stage.subscriptionsMax = 3;
        stage.play("""
                s = SUB at XPUB
                s> /SUBSCRIBE a
                s> /SUBSCRIBE b
                s> /SUBSCRIBE c
                s> /SUBSCRIBE c
                s> /CANCEL c
                s> /SUBSCRIBE d
                s> /SUBSCRIBE d
                """);
        assertThat(stage.peer("s").closed).isFalse();
        stage.play("""
                s> /SUBSCRIBE e
                s< /ERROR too many subscriptions, limit=3 and 1048576 bytes
                s! closed
                """);
    }

    @Test
    void shouldBoundTheBytesOfPrefixes() {
        ZmtpPeer peer = stage.connect("s", "SUB", Role.XPUB);
        int sent = 0;
        for (; sent < 100 && !peer.closed; sent++) {
            peer.send("/SUBSCRIBE " + (char) ('0' + sent) + "x".repeat(60_000));
            stage.broker.turn();
        }
        assertThat(sent).isEqualTo(18);
    }

    @Test
    void shouldHoldNothingOfABatchThatIsDone() {
        ZmtpPeer peer = stage.connect("s", "SUB", Role.XPUB);
        peer.send("/SUBSCRIBE a");
        tapped("s", 0, batch(1_000, 50, true));
        assertThat(heard("s")).hasSize(500);
        assertThat(stage.link("s").port).extracting("cursor").hasFieldOrPropertyWithValue("sharing", null);
    }
}
