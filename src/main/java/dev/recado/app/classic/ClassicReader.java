package dev.recado.app.classic;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;

/**
 * Reads the classic files:
 *
 * <pre>
 * MSG_ID:TIMESTAMP:SIZE:CONTENT\n      17:1732147200:5:hello
 * CONSUMER:ID:OFFSET\n                 CONSUMER:stranger:18
 * </pre>
 *
 * <p>SIZE counts the bytes of CONTENT, which may therefore hold line ends of its own. TIMESTAMP is in seconds since the
 * epoch, as {@code time(2)} gives them to a C program; one of {@value #MILLIS_FROM} or more is taken for milliseconds
 * (as seconds it would lie in the year 5138). A line may end in CR LF, and the last one need not end. A line that is
 * not of this form is reported with its number and passed over, up to its own line end.
 *
 * <p>At most one content of {@code contentBytesMax} is held in memory. Not thread-safe; the stream stays its owner's.
 */
public final class ClassicReader {

    static final long MILLIS_FROM = 100_000_000_000L;

    private static final int CONSUMER_BYTES_MAX = 4096;
    private static final int DIGITS_MAX = 18;
    private static final String CONSUMER = "CONSUMER:";
    private static final long BAD = -1;

    private final InputStream in;
    private final int contentBytesMax;
    private long line = 1;
    /** The byte that ended the last number; -1 at the end of the file. */
    private int last;

    public ClassicReader(InputStream in, int contentBytesMax) {
        this.in = new BufferedInputStream(in, 1 << 16);
        this.contentBytesMax = contentBytesMax;
    }

    /** Reads to the end of the file. */
    public void read(ClassicSink sink) throws IOException {
        while (true) {
            in.mark(1);
            int first = in.read();
            if (first < 0) {
                return;
            }
            if (first == '\n') {
                line++;
            } else if (first != '\r') {
                in.reset();
                if (first == 'C') {
                    readConsumer(sink);
                } else {
                    readMessage(sink);
                }
            }
        }
    }

    private void readMessage(ClassicSink sink) throws IOException {
        long id = number();
        long timestamp = id == BAD ? BAD : number();
        long size = timestamp == BAD ? BAD : number();
        if (size == BAD) {
            pass(sink, "not MSG_ID:TIMESTAMP:SIZE:CONTENT");
            return;
        }
        if (size > contentBytesMax) {
            pass(sink, "content too long size=" + size + " limit=" + contentBytesMax);
            return;
        }
        in.mark((int) size + 2);
        byte[] content = in.readNBytes((int) size);
        if (content.length < size || !atLineEnd()) {
            in.reset();
            pass(sink, "content is not of its size size=" + size);
            return;
        }
        sink.onMessage(id, timestamp >= MILLIS_FROM ? timestamp : timestamp * 1000, content);
        for (byte b : content) {
            line += b == '\n' ? 1 : 0;
        }
        line++;
    }

    private void readConsumer(ClassicSink sink) throws IOException {
        StringBuilder text = new StringBuilder();
        int c = in.read();
        while (c >= 0 && c != '\n' && text.length() < CONSUMER_BYTES_MAX) {
            text.append((char) c);
            c = in.read();
        }
        last = c;
        if (text.length() > 0 && text.charAt(text.length() - 1) == '\r') {
            text.setLength(text.length() - 1);
        }
        int colon = text.lastIndexOf(":");
        boolean framed = text.indexOf(CONSUMER) == 0 && colon > CONSUMER.length();
        long offset = framed ? parse(text, colon + 1) : BAD;
        String consumer = framed ? text.substring(CONSUMER.length(), colon) : "";
        if (offset == BAD || consumer.indexOf(':') >= 0 || (c >= 0 && c != '\n')) {
            pass(sink, "not CONSUMER:ID:OFFSET");
            return;
        }
        byte[] bytes = consumer.getBytes(StandardCharsets.ISO_8859_1);
        sink.onConsumer(new String(bytes, StandardCharsets.UTF_8), offset);
        line++;
    }

    /** Reports the line and reads on to its end. */
    private void pass(ClassicSink sink, String fact) throws IOException {
        sink.onProblem(line, fact);
        while (last >= 0 && last != '\n') {
            last = in.read();
        }
        line++;
    }

    /** The digits up to the next colon, or {@link #BAD}; {@link #last} is the byte at which it stopped. */
    private long number() throws IOException {
        long value = 0;
        int digits = 0;
        last = in.read();
        while (last >= '0' && last <= '9' && digits < DIGITS_MAX) {
            value = value * 10 + (last - '0');
            digits++;
            last = in.read();
        }
        return last == ':' && digits > 0 ? value : BAD;
    }

    private boolean atLineEnd() throws IOException {
        int c = in.read();
        if (c == '\r') {
            c = in.read();
        }
        return c < 0 || c == '\n';
    }

    private static long parse(CharSequence text, int from) {
        int digits = text.length() - from;
        if (digits < 1 || digits > DIGITS_MAX) {
            return BAD;
        }
        long value = 0;
        for (int i = from; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c < '0' || c > '9') {
                return BAD;
            }
            value = value * 10 + (c - '0');
        }
        return value;
    }
}
