package dev.recado.bench.text;

import static org.assertj.core.api.Assertions.assertThat;

import dev.recado.base.ByteWriter;
import dev.recado.bench.LoadPlan;
import dev.recado.bench.LoadRecorder;
import dev.recado.bench.Plans;
import dev.recado.bench.Stamp;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class TextLoadTest {

    private static final String PAYLOAD = "x".repeat(40);

    private final TextLoad load = new TextLoad();
    private final LoadRecorder recorder = new LoadRecorder((topic, partition, offset, attempt, bytes, from, to) -> {
        assertThat(new String(bytes, from, to - from, StandardCharsets.US_ASCII))
                .isEqualTo(PAYLOAD);
        return topic + " " + partition + "-" + offset + " " + attempt;
    });
    private final List<String> heard = recorder.heard;

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

    @Test
    void shouldSayFirstWhereItWorks() {
        // Given
        LoadPlan plan = Plans.in("a:b", Plans.plan(LoadPlan.Ack.batch));
        ByteWriter published = new ByteWriter(16);
        ByteWriter consumed = new ByteWriter(16);

        // When
        load.publisher(plan, 0).greet(5, published);
        var consumer = load.consumer(plan, 0, 0);
        consumer.greet(consumed);

        // Then
        assertThat(text(published)).startsWith("NAMESPACE:USE:a%3Ab\nCONFIRM:RANGE\n");
        assertThat(text(consumed)).startsWith("NAMESPACE:USE:a%3Ab\nSUB:t-1:");
        byte[] answers = ascii("OK:NAMESPACE:USE:a%3Ab\nOK:CONFIRM\n");
        var confirms = load.confirms(plan);
        confirms.read(answers, 0, answers.length, recorder);
        consumer.read(answers, 0, answers.length, recorder, consumed);
        assertThat(heard).isEmpty();
        byte[] last = ascii("OK:SUB:2\n");
        confirms.read(last, 0, last.length, recorder);
        consumer.read(last, 0, last.length, recorder, consumed);
        assertThat(heard).containsExactly("ready", "ready");
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
            int at = decoder.read(stream, 0, cut, recorder);
            assertThat(decoder.read(stream, at, stream.length, recorder)).isEqualTo(stream.length);
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
            load.confirms(Plans.plan(LoadPlan.Ack.batch)).read(garbage, 0, garbage.length, recorder);
            ByteWriter out = new ByteWriter(16);
            load.consumer(Plans.plan(LoadPlan.Ack.batch), 0, 0).read(garbage, 0, garbage.length, recorder, out);
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
        int at = codec.read(stream, 0, stream.length, recorder, out);

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
            codec.read(stream, 0, stream.length, recorder, out);
            assertThat(text(out)).isEqualTo(ack == LoadPlan.Ack.each ? "ACK:1:3\nACK:1:4\n" : "");
        }
    }

    private static String message(String where) {
        return "MSG:" + where + ":40\n" + PAYLOAD + "\n";
    }
}
