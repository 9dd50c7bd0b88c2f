package dev.recado.transport.text;

import dev.recado.base.ByteWriter;
import dev.recado.base.PercentCodec;
import dev.recado.core.message.MessageView;
import dev.recado.transport.SlicedOutput;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.Iterator;

/** What is large, in the encodings of the text protocol, as {@link SlicedOutput} of the array that holds it. */
final class TextSlices {

    /** Of a Base64 chunk before it is encoded: a multiple of three, so that only the last one is padded. */
    private static final int CHUNK_BYTES_MAX = 48 * 1024;

    private static final int CHARS = 1024;

    private TextSlices() {}

    /** Appends up to {@code end} while {@code out} holds no more than {@code bytesMax}; answers where it goes on. */
    @FunctionalInterface
    private interface Encoding {
        int encode(ByteWriter out, byte[] bytes, int from, int end, int bytesMax);
    }

    private static SlicedOutput encoded(byte[] bytes, int from, int length, Encoding encoding) {
        return new SlicedOutput() {
            private int at = from;

            @Override
            public boolean next(ByteWriter out, int bytesMax) {
                at = encoding.encode(out, bytes, at, from + length, bytesMax);
                return at < from + length;
            }
        };
    }

    static SlicedOutput sequence(SlicedOutput... parts) {
        return SlicedOutput.sequence(Arrays.asList(parts).iterator());
    }

    /** A field, percent-encoded. */
    static SlicedOutput field(byte[] bytes, int from, int length) {
        return encoded(bytes, from, length, PercentCodec::encode);
    }

    /** A payload as the line that answers GET. */
    static SlicedOutput line(byte[] bytes, int from, int length) {
        return sequence(encoded(bytes, from, length, PercentCodec::encodeLine), SlicedOutput.text("\n"));
    }

    /** The inside of a JSON string, of bytes that are UTF-8. */
    static SlicedOutput json(byte[] utf8, int from, int length) {
        return encoded(utf8, from, length, JsonLine::escape);
    }

    /** As {@link #json} of any bytes: what is not UTF-8 becomes the replacement character. */
    static SlicedOutput jsonOfAny(byte[] bytes, int from, int length) {
        return isUtf8(bytes, from, length)
                ? json(bytes, from, length)
                : SlicedOutput.sequence(new Replaced(bytes, from, length));
    }

    /** In Base64, padded. */
    static SlicedOutput base64(byte[] bytes, int from, int length) {
        return encoded(bytes, from, length, TextSlices::encodeBase64);
    }

    private static int encodeBase64(ByteWriter out, byte[] bytes, int from, int end, int bytesMax) {
        int at = from;
        int room = bytesMax - out.size();
        while (at < end && room >= 4) {
            int count = Math.min(end - at, Math.min(room / 4 * 3, CHUNK_BYTES_MAX));
            out.put(Base64.getEncoder().encode(ByteBuffer.wrap(bytes, at, count)));
            at += count;
            room = bytesMax - out.size();
        }
        return at;
    }

    /**
     * What follows {@code MSG:…:<attempt>:} of a large message, {@code [key:headers:]bytes⏎payload⏎}, as {@link
     * TextSubscription} writes it of a small one. Headers are no longer than a line; {@code buffers} lends scratch.
     */
    static SlicedOutput content(MessageView view, LoopBuffers buffers) {
        ByteWriter scratch = buffers.freshScratch();
        boolean hasFields = view.keyLength > 0 || view.headersLength > 0;
        if (hasFields) {
            scratch.put(':');
            WireHeaders.toWire(view.bytes, view.headersStart, view.headersLength, scratch, buffers.reader);
            scratch.put(':');
        }
        byte[] head = scratch.putDecimal(view.payloadLength).put('\n').toByteArray();
        return sequence(
                field(view.bytes, view.keyStart, view.keyLength),
                SlicedOutput.bytes(head, 0, head.length),
                SlicedOutput.bytes(view.bytes, view.payloadStart, view.payloadLength),
                SlicedOutput.text("\n"));
    }

    /** Whether the bytes are well-formed UTF-8. */
    static boolean isUtf8(byte[] bytes, int from, int length) {
        int at = from;
        int end = from + length;
        while (at < end && bytes[at] >= 0) {
            at++;
        }
        if (at == end) {
            return true;
        }
        CharsetDecoder decoder = StandardCharsets.UTF_8.newDecoder();
        ByteBuffer in = ByteBuffer.wrap(bytes, at, end - at);
        CharBuffer chars = CharBuffer.allocate(Math.min(CHARS, end - at));
        while (in.hasRemaining()) {
            if (decoder.decode(in, chars.clear(), true).isError()) {
                return false;
            }
        }
        return true;
    }

    /** The inside of a JSON string whose bytes are not all UTF-8, in pieces of characters. */
    private static final class Replaced implements Iterator<SlicedOutput> {
        private final CharsetDecoder decoder = StandardCharsets.UTF_8
                .newDecoder()
                .onMalformedInput(CodingErrorAction.REPLACE)
                .onUnmappableCharacter(CodingErrorAction.REPLACE);
        private final CharBuffer chars = CharBuffer.allocate(CHARS);
        private final ByteBuffer in;

        private Replaced(byte[] bytes, int from, int length) {
            in = ByteBuffer.wrap(bytes, from, length);
        }

        @Override
        public boolean hasNext() {
            return in.hasRemaining();
        }

        @Override
        public SlicedOutput next() {
            decoder.decode(in, chars.clear(), true);
            byte[] utf8 = chars.flip().toString().getBytes(StandardCharsets.UTF_8);
            return json(utf8, 0, utf8.length);
        }
    }
}
