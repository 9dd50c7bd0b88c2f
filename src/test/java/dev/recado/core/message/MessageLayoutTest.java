package dev.recado.core.message;

import static org.assertj.core.api.Assertions.assertThat;

import dev.recado.base.ByteWriter;
import java.util.Arrays;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class MessageLayoutTest {

    private static final int ROUNDS = 5_000;
    private static final int CUT_ROUNDS = 300;

    @Test
    void shouldReadWhatWasWritten() {
        for (long seed = 0; seed < ROUNDS; seed++) {
            // Given
            Drafts drafts = new Drafts(new Random(seed));
            Draft draft = drafts.next();
            ByteWriter out = new ByteWriter(16);
            out.skip(drafts.below(20));
            int at = out.size();
            // When
            int length = MessageLayout.write(out, draft);
            MessageView view = new MessageView();
            boolean good = view.read(out.array(), at);
            // Then
            assertThat(good).as("seed %d", seed).isTrue();
            assertThat(MessageLayout.length(out.array(), at))
                    .as("seed %d", seed)
                    .isEqualTo(length);
            assertThat(Drafts.describe(view)).as("seed %d", seed).isEqualTo(Drafts.describe(draft));
        }
    }

    @Test
    void shouldWriteTheSameBytesWhenPublishedAgain() {
        for (long seed = 0; seed < ROUNDS; seed++) {
            // Given
            ByteWriter first = new ByteWriter(16);
            MessageLayout.write(first, new Drafts(new Random(seed)).next());
            MessageView view = new MessageView();
            view.read(first.array(), 0);
            Draft draft = new Draft();
            // When
            view.copyTo(draft);
            ByteWriter second = new ByteWriter(16);
            MessageLayout.write(second, draft);
            // Then
            assertThat(second.toByteArray()).as("seed %d", seed).isEqualTo(first.toByteArray());
        }
    }

    @Test
    void shouldForgetTheMessageBefore() {
        // Given
        ByteWriter out = new ByteWriter(16);
        Drafts drafts = new Drafts(new Random(1));
        Draft full = drafts.full();
        MessageLayout.write(out, full);
        int second = out.size();
        Draft bare = full.clear().payload(new byte[] {7}, 0, 1);
        MessageLayout.write(out, bare);
        MessageView view = new MessageView();
        view.read(out.array(), 0);
        // When
        view.read(out.array(), second);
        // Then
        assertThat(Drafts.describe(view)).isEqualTo(Drafts.describe(new Draft().payload(new byte[] {7}, 0, 1)));
    }

    @Test
    void shouldRefuseEveryCutMessage() {
        for (long seed = 0; seed < CUT_ROUNDS; seed++) {
            // Given
            ByteWriter out = new ByteWriter(16);
            int length = MessageLayout.write(out, new Drafts(new Random(seed)).next());
            for (int cut = 0; cut < length; cut++) {
                byte[] bytes = Arrays.copyOf(out.array(), cut);
                // When
                boolean fills = MessageLayout.fills(bytes, 0, cut, 1);
                // Then
                assertThat(fills).as("seed %d cut %d", seed, cut).isFalse();
            }
        }
    }

    @Test
    void shouldNeverThrowNorReadOutsideForGarbage() {
        MessageView view = new MessageView();
        for (long seed = 0; seed < ROUNDS; seed++) {
            // Given
            Random random = new Random(seed);
            ByteWriter out = new ByteWriter(16);
            int length = MessageLayout.write(out, new Drafts(random).next());
            byte[] bytes = out.toByteArray();
            for (int i = 0; i < 4; i++) {
                bytes[random.nextInt(length)] = (byte) random.nextInt();
            }
            // When
            boolean good = MessageLayout.fills(bytes, 0, length, 1) && view.read(bytes, 0);
            // Then
            if (good) {
                assertThat(view.payloadStart + view.payloadLength)
                        .as("seed %d", seed)
                        .isEqualTo(length);
                assertThat(view.keyStart + view.keyLength).isBetween(0, length);
                assertThat(view.headersStart + view.headersLength).isBetween(0, length);
                Headers.toMap(bytes, view.headersStart, view.headersLength);
                Headers.find(bytes, view.headersStart, view.headersLength, "name");
            }
        }
    }

    @Test
    void shouldFindHeaders() {
        // Given
        byte[] headers = Headers.of(Map.of("reply-to", "inbox/1/2"));
        ByteWriter out = new ByteWriter(16).put(headers);
        Headers.put(out, "topic", "año");
        Headers.put(out, "topic", "second");
        // When
        Map<String, String> all = Headers.toMap(out.array(), 0, out.size());
        // Then
        assertThat(all).containsEntry(Headers.REPLY_TO, "inbox/1/2").containsEntry(Headers.TOPIC, "año");
        assertThat(Headers.find(out.array(), 0, out.size(), Headers.TOPIC)).isEqualTo("año");
        assertThat(Headers.find(out.array(), 0, out.size(), "Topic")).isNull();
        assertThat(Headers.find(out.array(), 0, out.size() - 1, "none")).isNull();
    }
}
