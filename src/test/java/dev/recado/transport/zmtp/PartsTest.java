package dev.recado.transport.zmtp;

import static org.assertj.core.api.Assertions.assertThat;

import dev.recado.base.ByteWriter;
import dev.recado.core.message.Draft;
import dev.recado.core.message.MessageLayout;
import dev.recado.core.message.MessageView;
import dev.recado.transport.ByteBudget;
import dev.recado.transport.Decoded;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class PartsTest {

    private final Parts parts = new Parts();
    private final Draft draft = new Draft();
    private final MessageView view = new MessageView();

    /** Each line: frames, key, payload, parts. */
    private static final String TABLE = """
            [body]            -    body  -
            []                -    -     -
            [key][body]       key  body  -
            [key][]           key  -     -
            [key][a][b]       key  ab    [a][b]
            [key][][]         key  -     [][]
            [key][][b]        key  b     [][b]
            [][a]             -    a     [][a]
            [][]              -    -     [][]
            [][a][][c]        -    ac    [][a][][c]
            """;

    private MessageDecoder decode(String frames) {
        return decode(Frame.wire(frames));
    }

    private static MessageDecoder decode(byte[] wire) {
        MessageDecoder decoder = new MessageDecoder(1 << 20, new ByteBudget(8 << 20).lender());
        decoder.input().feed(wire, 0, wire.length);
        assertThat(decoder.next()).isEqualTo(Decoded.MESSAGE);
        return decoder;
    }

    /** Stores a message between other bytes and reads it again. */
    private MessageView stored() {
        ByteWriter out = new ByteWriter(64);
        int at = out.skip(7) + 7;
        MessageLayout.write(out, draft);
        out.skip(5);
        assertThat(view.read(out.array(), at)).isTrue();
        return view;
    }

    private ByteWriter scratch() {
        ByteWriter scratch = new ByteWriter(16);
        scratch.skip(3);
        return scratch;
    }

    private String frames(MessageView message) {
        ByteWriter out = new ByteWriter(64);
        parts.toFrames(message, out);
        return Frame.found(decode(out.toByteArray()), false);
    }

    private static String orDash(String text) {
        return text.isEmpty() ? "-" : text;
    }

    private String partsText() {
        StringBuilder text = new StringBuilder();
        int at = draft.payloadStart;
        for (int i = 0; i < draft.partCount; i++) {
            text.append('[')
                    .append(Frame.text(draft.payloadBytes, at, draft.partLengths[i]))
                    .append(']');
            at += draft.partLengths[i];
        }
        return text.toString();
    }

    @Test
    void shouldMapAsItsTableSays() {
        for (String line : TABLE.lines().toList()) {
            String[] row = line.split(" +");
            parts.toDraft(decode(row[0]), 0, draft.clear(), scratch());
            MessageView message = stored();
            assertThat(orDash(message.keyText())).as(line).isEqualTo(row[1]);
            assertThat(orDash(message.payloadText())).as(line).isEqualTo(row[2]);
            assertThat(orDash(partsText())).as(line).isEqualTo(row[3]);
            assertThat(frames(message)).as(line).isEqualTo(row[0]);
        }
    }

    @Test
    void shouldTakeMessagesOfOthersAsOneOrTwoFrames() {
        byte[] text = Frame.ascii("keybody");
        draft.clear().payload(text, 3, 4);
        assertThat(frames(stored())).isEqualTo("[body]");
        draft.key(text, 0, 3);
        draft.ttlMs = 17;
        draft.priority = 3;
        assertThat(frames(stored())).isEqualTo("[key][body]");
        draft.clear();
        assertThat(frames(stored())).isEqualTo("[]");
    }

    @Test
    void shouldKeepEveryFrameOfAnAnswer() {
        parts.toAnswer(decode("[id][][answer]"), 1, draft.clear(), scratch());
        assertThat(frames(stored())).isEqualTo("[][answer]");
        parts.toAnswer(decode("[id][key][body]"), 1, draft.clear(), scratch());
        assertThat(stored().keyLength).isZero();
        assertThat(frames(stored())).isEqualTo("[key][body]");
        parts.toAnswer(decode("[id][one]"), 1, draft.clear(), scratch());
        assertThat(view.read(stored().bytes, 7)).isTrue();
        assertThat(view.partCount).isEqualTo(1);
        assertThat(frames(view)).isEqualTo("[one]");
    }

    @Test
    void shouldLoseNothing() {
        for (int seed = 0; seed < 2_000; seed++) {
            // Given
            Random random = new Random(seed);
            StringBuilder text = new StringBuilder();
            for (int n = random.nextInt(seed % 50 == 0 ? 3_000 : 12); n >= 0; n--) {
                byte[] body = new byte[random.nextInt(3) == 0 ? 0 : random.nextInt(seed % 9 == 0 ? 400 : 20)];
                random.nextBytes(body);
                text.append('[').append(Frame.text(body, 0, body.length)).append(']');
            }
            String frames = text.toString();
            MessageDecoder message = decode(frames);

            // When
            parts.toDraft(message, 0, draft.clear(), scratch());
            draft.priority = random.nextInt(3);
            draft.ttlMs = random.nextInt(3) - 1L;
            MessageView stored = stored();

            // Then
            assertThat(frames(stored)).as("seed %d", seed).isEqualTo(frames);
            assertThat(Frame.text(stored.bytes, Parts.firstStart(stored), parts.firstLength(stored)))
                    .as("first frame, seed %d", seed)
                    .isEqualTo(frames.substring(1, frames.indexOf(']')));
            parts.trim();
        }
    }

    @Test
    void shouldCompareSubscriptionsWithTheFirstFrame() {
        List<String> first = new ArrayList<>();
        for (String line : TABLE.lines().toList()) {
            parts.toDraft(decode(line.split(" +")[0]), 0, draft.clear(), scratch());
            MessageView message = stored();
            first.add(Frame.text(message.bytes, Parts.firstStart(message), parts.firstLength(message)));
        }
        assertThat(first).containsExactly("body", "", "key", "key", "key", "key", "key", "", "", "");
    }
}
