package dev.recado.apps.coffee.gateway;

import dev.recado.apps.coffee.wire.GatewayCodec;
import dev.recado.apps.coffee.wire.GatewayFrame.ResultEnd;
import dev.recado.apps.coffee.wire.GatewayFrame.ResultSlice;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Arrays;
import java.util.zip.CRC32C;

/** An answer on its way to its client, in slices, with length and checksum at the end. Not thread-safe: one owner. */
final class AnswerStream extends OutputStream {

    private final ClientLink link;
    private final byte[] slice = new byte[GatewayCodec.SLICE_BYTES];
    private final CRC32C crc = new CRC32C();
    private int filled;
    private long length;

    AnswerStream(ClientLink link) {
        this.link = link;
    }

    @Override
    public void write(int value) throws IOException {
        write(new byte[] {(byte) value}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int offset, int count) throws IOException {
        int from = offset;
        while (from < offset + count) {
            int some = Math.min(offset + count - from, slice.length - filled);
            System.arraycopy(bytes, from, slice, filled, some);
            filled += some;
            from += some;
            if (filled == slice.length) {
                sendSlice();
            }
        }
    }

    private void sendSlice() throws IOException {
        if (filled > 0) {
            crc.update(slice, 0, filled);
            length += filled;
            link.send(new ResultSlice(Arrays.copyOf(slice, filled)));
            filled = 0;
        }
    }

    void end() throws IOException {
        sendSlice();
        link.send(new ResultEnd(length, (int) crc.getValue()));
    }
}
