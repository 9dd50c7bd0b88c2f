package dev.recado.core.message;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Map;
import java.util.Random;

/** Random messages, each field there or not, and all of a message in one line to compare. */
final class Drafts {

    private final Random random;

    Drafts(Random random) {
        this.random = random;
    }

    int below(int bound) {
        return random.nextInt(bound);
    }

    Draft next() {
        Draft draft = full();
        if (random.nextBoolean()) {
            draft.key(new byte[0], 0, 0);
        }
        if (random.nextBoolean()) {
            draft.headers(new byte[0], 0, 0);
        }
        if (random.nextBoolean()) {
            draft.nativeLength = 0;
        }
        draft.partCount *= random.nextInt(2);
        draft.priority *= random.nextInt(2);
        draft.ttlMs = random.nextBoolean() ? -1 : draft.ttlMs;
        draft.deliverAtMs *= random.nextInt(2);
        return draft;
    }

    /** A message that has every field, its slices not at the beginning of their arrays. */
    Draft full() {
        byte[] bytes = new byte[400];
        random.nextBytes(bytes);
        byte[] headers = Headers.of(Map.of("n" + below(10), "v".repeat(below(150)), "ñ", ""));
        Draft draft = new Draft().key(bytes, below(50), 1 + below(200)).headers(headers, 0, headers.length);
        draft.payload(bytes, below(100), below(300));
        draft.nativeCodec = 1 + below(255);
        draft.nativeBytes = bytes;
        draft.nativeStart = below(100);
        draft.nativeLength = 1 + below(200);
        draft.partCount = 1 + below(4);
        draft.partLengths = random.ints(draft.partCount, 0, 1 << below(31)).toArray();
        draft.priority = 1 + below(255);
        draft.ttlMs = random.nextLong() >>> (1 + below(62));
        draft.deliverAtMs = 1 + (random.nextLong() >>> 2);
        return draft;
    }

    static String describe(Draft draft) {
        return text(draft.keyBytes, draft.keyStart, draft.keyLength)
                + text(draft.headersBytes, draft.headersStart, draft.headersLength)
                + (draft.nativeLength > 0 ? draft.nativeCodec : 0)
                + text(draft.nativeBytes, draft.nativeStart, draft.nativeLength)
                + Arrays.toString(Arrays.copyOf(draft.partLengths, draft.partCount))
                + " " + draft.priority + " " + draft.ttlMs + " " + draft.deliverAtMs
                + text(draft.payloadBytes, draft.payloadStart, draft.payloadLength);
    }

    static String describe(MessageView view) {
        Draft draft = new Draft();
        view.copyTo(draft);
        return describe(draft);
    }

    private static String text(byte[] bytes, int start, int length) {
        return " " + HexFormat.of().formatHex(bytes, start, start + length) + " ";
    }

    /** A message of a key, a header and a text, as a publisher of the text protocol would make it. */
    static Draft plain(String key, Map<String, String> headers, String payload) {
        byte[] keyBytes = key.getBytes(StandardCharsets.UTF_8);
        byte[] headerBytes = Headers.of(headers);
        byte[] bytes = payload.getBytes(StandardCharsets.UTF_8);
        return new Draft()
                .key(keyBytes, 0, keyBytes.length)
                .headers(headerBytes, 0, headerBytes.length)
                .payload(bytes, 0, bytes.length);
    }
}
