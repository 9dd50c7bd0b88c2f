package dev.recado.app.classic;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
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
 * not of this form is reported with its number and handed to the sink as it is, up to its own line end.
 *
 * <p>At most one content of {@code contentBytesMax} is held in memory. Not thread-safe; the stream stays its owner's.
 */
public final class ClassicReader {

    /** What the report of a content above {@code contentBytesMax} begins with. */
    public static final String TOO_LONG = "content too long";

    static final long MILLIS_FROM = 100_000_000_000L;

    private static final int CONSUMER_BYTES_MAX = 4096;
    private static final int DIGITS_MAX = 18;
    private static final String CONSUMER = "CONSUMER:";
    private static final long BAD = -1;

    private final InputStream in;
    private final int contentBytesMax;
    private long line = 1;
    /** What was read of the record so far, without a content. */
    private final byte[] head = new byte[CONSUMER_BYTES_MAX + 1];

    private int headLength;
    /** The byte that ended the last number; -1 at the end of the file. */
    private int last;

    public ClassicReader(InputStream in, int contentBytesMax) {
        this.in = new BufferedInputStream(in, 1 << 16);
        this.contentBytesMax = contentBytesMax;
    }

    /** The time in milliseconds since the epoch that a file's TIMESTAMP says. */
    public static long millisOf(long timestamp) {
        return timestamp >= MILLIS_FROM ? timestamp : timestamp * 1000;
    }

    /** Reads to the end of the file. */
    public void read(ClassicSink sink) throws IOException {
        while (next(sink)) {
            // one record a turn
        }
    }

    /** Reads one message, position or damaged line; false at the end of the file. */
    public boolean next(ClassicSink sink) throws IOException {
        while (true) {
            in.mark(1);
            int first = in.read();
            if (first < 0) {
                return false;
            }
            if (first == '\n') {
                line++;
            } else if (first != '\r') {
                in.reset();
                headLength = 0;
                if (first == 'C') {
                    readConsumer(sink);
                } else {
                    readMessage(sink);
                }
                return true;
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
            pass(sink, TOO_LONG + " size=" + size + " limit=" + contentBytesMax);
            return;
        }
        in.mark((int) size + 2);
        byte[] content = in.readNBytes((int) size);
        if (content.length < size || !atLineEnd()) {
            in.reset();
            pass(sink, "content is not of its size size=" + size);
            return;
        }
        sink.onMessage(id, timestamp, content);
        for (byte b : content) {
            line += b == '\n' ? 1 : 0;
        }
        line++;
    }

    private void readConsumer(ClassicSink sink) throws IOException {
        last = take();
        while (last >= 0 && last != '\n' && headLength < head.length) {
            last = take();
        }
        boolean ended = last < 0 || last == '\n';
        int length = headLength - (last == '\n' ? 1 : 0);
        if (length > 0 && head[length - 1] == '\r') {
            length--;
        }
        String text = new String(head, 0, length, StandardCharsets.ISO_8859_1);
        int colon = text.lastIndexOf(":");
        boolean framed = text.indexOf(CONSUMER) == 0 && colon > CONSUMER.length();
        long offset = framed ? parse(text, colon + 1) : BAD;
        String consumer = framed ? text.substring(CONSUMER.length(), colon) : "";
        if (offset == BAD || consumer.indexOf(':') >= 0 || !ended) {
            pass(sink, "not CONSUMER:ID:OFFSET");
            return;
        }
        byte[] bytes = consumer.getBytes(StandardCharsets.ISO_8859_1);
        sink.onConsumer(new String(bytes, StandardCharsets.UTF_8), offset);
        line++;
    }

    /** Reports the line and hands it over, up to its end. */
    private void pass(ClassicSink sink, String fact) throws IOException {
        OutputStream rejected = sink.onProblem(line, fact);
        rejected.write(head, 0, headLength);
        while (last >= 0 && last != '\n') {
            last = in.read();
            if (last >= 0) {
                rejected.write(last);
            }
        }
        line++;
    }

    private int take() throws IOException {
        int c = in.read();
        if (c >= 0) {
            head[headLength++] = (byte) c;
        }
        return c;
    }

    /** The digits up to the next colon, or {@link #BAD}; {@link #last} is the byte at which it stopped. */
    private long number() throws IOException {
        long value = 0;
        int digits = 0;
        last = take();
        while (last >= '0' && last <= '9' && digits < DIGITS_MAX) {
            value = value * 10 + (last - '0');
            digits++;
            last = take();
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
