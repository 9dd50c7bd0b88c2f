package dev.recado.bench.text;

import static org.assertj.core.api.Assertions.assertThat;

import dev.recado.base.ByteWriter;
import dev.recado.bench.LoadPlan;
import dev.recado.bench.LoadTransport.ConfirmEvents;
import dev.recado.bench.LoadTransport.DeliveryEvents;
import dev.recado.bench.Plans;
import dev.recado.bench.Stamp;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class TextLoadTest {

    private static final String PAYLOAD = "x".repeat(40);

    private final TextLoad load = new TextLoad();
    private final List<String> heard = new ArrayList<>();

    private final ConfirmEvents confirms = new ConfirmEvents() {
        @Override
        public void onReady() {
            heard.add("ready");
        }

        @Override
        public void onStored(long count) {
            heard.add("stored " + count);
        }

        @Override
        public void onRefused(boolean certain, String why) {
            heard.add((certain ? "refused " : "unknown ") + why);
        }

        @Override
        public void onFinished() {
            heard.add("finished");
        }

        @Override
        public void onFailed(String why) {
            heard.add("failed " + why);
        }
    };

    private final DeliveryEvents deliveries = new DeliveryEvents() {
        @Override
        public void onReady() {
            heard.add("ready");
        }

        @Override
        public void onDelivery(int topic, int partition, long offset, int attempt, byte[] bytes, int from, int to) {
            assertThat(new String(bytes, from, to - from, StandardCharsets.US_ASCII))
                    .isEqualTo(PAYLOAD);
            heard.add(topic + " " + partition + "-" + offset + " " + attempt);
        }

        @Override
        public void onFailed(String why) {
            heard.add("failed " + why);
        }
    };

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    private static String text(ByteWriter out) {
        return new String(out.toByteArray(), StandardCharsets.ISO_8859_1);
    }

    @Test
    void shouldGreetAndPublishToItsTopicsInTurn() {
        // Given
        LoadPlan plan = Plans.plan(LoadPlan.Ack.batch);
        ByteWriter out = new ByteWriter(16);

        // When
        load.publisher(plan, 0).greet(5, out);

        // Then
        assertThat(text(out)).isEqualTo("CONFIRM:RANGE\nPRODUCER:bench-7-0:5\n");
        for (long sequence = 0; sequence < 4; sequence++) {
            out.clear();
            load.publisher(plan, 0).publish(sequence, 99, out);
            String head = "PUB:t-" + (sequence % 2 + 1) + ":40\n";
            assertThat(text(out)).startsWith(head).endsWith("\n").hasSize(head.length() + 41);
            Stamp stamp = new Stamp(7, 1, 40);
            byte[] bytes = out.toByteArray();
            assertThat(stamp.read(bytes, head.length(), bytes.length - 1)).isEqualTo(Stamp.Finding.OURS);
            assertThat(stamp.sequence()).isEqualTo(sequence);
        }
    }

    /** What a decoder hears must not depend on how the stream was cut into reads. */
    @Test
    void shouldReadConfirmsHoweverTheyAreCut() {
        byte[] stream = ascii("""
                OK:CONFIRM
                OK:PRODUCER:bench-7-0:0
                OK:MSG_IDS:5:9
                OK:MSG_ID:0-4
                ERROR:Topic full seq=6
                ERROR:Unknown outcome seq=7
                PONG
                """);
        for (int cut = 0; cut <= stream.length; cut++) {
            heard.clear();
            TextConfirmDecoder decoder = (TextConfirmDecoder) load.confirms(Plans.plan(LoadPlan.Ack.batch));
            int at = decoder.read(stream, 0, cut, confirms);
            assertThat(decoder.read(stream, at, stream.length, confirms)).isEqualTo(stream.length);
            assertThat(heard)
                    .containsExactly(
                            "ready",
                            "stored 5",
                            "stored 1",
                            "refused Topic full",
                            "unknown Unknown outcome",
                            "finished");
        }
    }

    @Test
    void shouldGiveUpAConnectionThatSpeaksSomethingElse() {
        Random random = new Random(3);
        for (int i = 0; i < 500; i++) {
            byte[] garbage = new byte[200];
            random.nextBytes(garbage);
            load.confirms(Plans.plan(LoadPlan.Ack.batch)).read(garbage, 0, garbage.length, confirms);
            ByteWriter out = new ByteWriter(16);
            load.consumer(Plans.plan(LoadPlan.Ack.batch), 0, 0).read(garbage, 0, garbage.length, deliveries, out);
        }
        assertThat(heard).allMatch(event -> event.startsWith("failed"));
    }

    @Test
    void shouldSubscribeAndAcknowledgeOnceForAStretch() {
        // Given
        TextConsumerCodec codec = (TextConsumerCodec) load.consumer(Plans.plan(LoadPlan.Ack.batch), 0, 0);
        ByteWriter out = new ByteWriter(16);
        codec.greet(out);
        assertThat(text(out)).isEqualTo("SUB:t-1:bench-7-g1:50\nSUB:t-2:bench-7-g1:50\n");
        out.clear();

        // When
        byte[] stream = ascii("OK:SUB:1\nOK:SUB:2\n" + message("1:3:1") + message("1:5:1") + message("1:4:2")
                + message("2:0-9:1") + "MSG:1:6");
        int at = codec.read(stream, 0, stream.length, deliveries, out);

        // Then
        assertThat(at).isEqualTo(stream.length - 7);
        assertThat(heard).containsExactly("ready", "0 0-3 1", "0 0-5 1", "0 0-4 2", "1 0-9 1");
        assertThat(text(out)).isEqualTo("ACK:1:UPTO:5\nACK:2:UPTO:0-9\n");
    }

    @Test
    void shouldAcknowledgeEachOrLeaveItToTheBroker() {
        for (LoadPlan.Ack ack : Arrays.asList(LoadPlan.Ack.each, LoadPlan.Ack.auto)) {
            ByteWriter out = new ByteWriter(16);
            TextConsumerCodec codec = (TextConsumerCodec) load.consumer(Plans.plan(ack), 0, 0);
            byte[] stream = ascii(message("1:3:1") + message("1:4:1"));
            codec.read(stream, 0, stream.length, deliveries, out);
            assertThat(text(out)).isEqualTo(ack == LoadPlan.Ack.each ? "ACK:1:3\nACK:1:4\n" : "");
        }
    }

    private static String message(String where) {
        return "MSG:" + where + ":40\n" + PAYLOAD + "\n";
    }
}
