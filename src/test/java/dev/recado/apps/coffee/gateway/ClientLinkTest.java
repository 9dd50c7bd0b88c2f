package dev.recado.apps.coffee.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.recado.apps.coffee.wire.GatewayCodec;
import dev.recado.apps.coffee.wire.GatewayFrame;
import dev.recado.apps.coffee.wire.GatewayFrame.Progress;
import dev.recado.apps.coffee.wire.GatewayFrame.ResultEnd;
import dev.recado.apps.coffee.wire.GatewayFrame.Welcome;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.util.List;
import org.junit.jupiter.api.Test;

class ClientLinkTest {

    /** A short answer came with the welcome and was thrown away: its client waited for it, time-out after time-out. */
    @Test
    void shouldKeepWhatCameWithTheFirstFrame() throws Exception {
        // Given
        Welcome welcome = new Welcome(List.of());
        Progress progress = new Progress(5);
        ResultEnd end = new ResultEnd(0, 0);
        try (ClientLink link = new ClientLink(new Received(welcome, progress, end), 1_000)) {

            // When
            GatewayFrame first = link.receiveFirst();
            List<GatewayFrame> behind = link.receive();

            // Then
            assertThat(first).isEqualTo(welcome);
            assertThat(behind).containsExactly(progress, end);
        }
    }

    /** All frames have come at once. */
    private static final class Received extends Socket {
        private final InputStream in;

        Received(GatewayFrame... frames) {
            ByteArrayOutputStream bytes = new ByteArrayOutputStream();
            for (GatewayFrame frame : frames) {
                bytes.writeBytes(GatewayCodec.encode(frame));
            }
            in = new ByteArrayInputStream(bytes.toByteArray());
        }

        @Override
        public InputStream getInputStream() {
            return in;
        }

        @Override
        public OutputStream getOutputStream() {
            return OutputStream.nullOutputStream();
        }

        @Override
        public void setTcpNoDelay(boolean on) {
            // Nothing is connected.
        }

        @Override
        public void setSoTimeout(int timeout) {
            // Nothing is waited for.
        }
    }
}
