package dev.recado.cli;

import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Lines as bytes, whatever their encoding; a line ends with LF, which does not belong to it, and the last one may lack
 * it. A line longer than {@code lineBytesMax} is an error, so that a file without lines does not fill the memory.
 */
final class LineReader {

    private static final int FIRST_BYTES = 64 << 10;

    private final InputStream in;
    private final int lineBytesMax;
    private byte[] buffer = new byte[FIRST_BYTES];
    private int start;
    private int end;
    private int scanned;
    private boolean atEnd;

    LineReader(InputStream in, int lineBytesMax) {
        this.in = in;
        this.lineBytesMax = lineBytesMax;
    }

    /** The next line, or null at the end; blocks while there is none. */
    byte @Nullable [] next() throws IOException {
        while (true) {
            for (int at = start + scanned; at < end; at++) {
                if (buffer[at] == '\n') {
                    return take(at, at + 1);
                }
            }
            scanned = end - start;
            if (atEnd) {
                return scanned > 0 ? take(end, end) : null;
            }
            fill();
        }
    }

    private byte[] take(int to, int next) {
        byte[] line = Arrays.copyOfRange(buffer, start, to);
        start = next;
        scanned = 0;
        return line;
    }

    private void fill() throws IOException {
        if (scanned > lineBytesMax) {
            throw new IOException("a line is longer than " + lineBytesMax + " bytes");
        }
        if (start > 0) {
            System.arraycopy(buffer, start, buffer, 0, scanned);
            start = 0;
            end = scanned;
        }
        if (end == buffer.length) {
            buffer = Arrays.copyOf(buffer, buffer.length * 2);
        }
        int count = in.read(buffer, end, buffer.length - end);
        atEnd = count < 0;
        end += Math.max(0, count);
    }
}
