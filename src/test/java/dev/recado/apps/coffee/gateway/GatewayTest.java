package dev.recado.apps.coffee.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.recado.apps.Stop;
import dev.recado.apps.coffee.node.Topology;
import dev.recado.apps.coffee.wire.FrameSplitter;
import dev.recado.apps.coffee.wire.GatewayCodec;
import dev.recado.apps.coffee.wire.GatewayFrame;
import dev.recado.apps.coffee.wire.GatewayFrame.Fetched;
import dev.recado.apps.coffee.wire.GatewayFrame.Hello;
import dev.recado.apps.coffee.wire.GatewayFrame.RefusalCode;
import dev.recado.apps.coffee.wire.GatewayFrame.Refused;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What a gateway tells clients that it will not have, before it needs a broker. */
@Timeout(30)
class GatewayTest {

    private static final String NO_BROKER = "amqp://127.0.0.1:1";

    @TempDir
    @SuppressWarnings("NullAway.Init") // JUnit sets it before a test begins.
    Path state;

    @SuppressWarnings("NullAway.Init") // Made before each test.
    private Gateway gateway;

    @SuppressWarnings("NullAway.Init") // Made before each test.
    private CompletableFuture<Void> running;

    @BeforeEach
    void start() throws IOException {
        GatewayOptions options = new GatewayOptions("127.0.0.1", 0, 5, 1_000, 1_000, state);
        gateway = new Gateway(options, NO_BROKER, new Topology(1), new Stop());
        running = CompletableFuture.runAsync(() -> {
            try {
                gateway.run();
            } catch (IOException e) {
                throw new IllegalStateException(e);
            }
        });
    }

    @AfterEach
    void stop() throws Exception {
        gateway.close();
        running.get(10, TimeUnit.SECONDS);
    }

    @Test
    void shouldSayThatAFrameIsMalformed() throws IOException {
        // Given
        byte[] malformed = {0, 0, 0, 1, 77};

        // When
        GatewayFrame said = answer(malformed);

        // Then
        assertThat(said).isEqualTo(new Refused(RefusalCode.INVALID, "malformed frame"));
    }

    /** It was told as a client's going, for as long as clients came. */
    @Test
    void shouldEndAsItsDiskFails() throws IOException {
        // Given
        Files.delete(state.resolve("sessions"));

        // When
        answer(GatewayCodec.encode(new Hello(new UUID(1, 2), false)));

        // Then
        assertThatThrownBy(() -> running.get(30, TimeUnit.SECONDS))
                .rootCause()
                .isInstanceOf(NoSuchFileException.class)
                .hasMessageContaining("sessions");
        running = CompletableFuture.completedFuture(null);
    }

    /** A connection that is closed with unread bytes is reset, and what was said last may be lost with it. */
    @Test
    void shouldSayWhyThoughMoreIsOnItsWay() throws IOException {
        // Given
        byte[] noHello = GatewayCodec.encode(new Fetched());
        ByteBuffer many = ByteBuffer.allocate(noHello.length << 20);
        while (many.hasRemaining()) {
            many.put(noHello);
        }

        // When
        GatewayFrame said = answer(many.array());

        // Then
        assertThat(said).isEqualTo(new Refused(RefusalCode.INVALID, "expected a hello"));
    }

    /** The first frame that comes back to somebody who first sends everything, or null. */
    private @Nullable GatewayFrame answer(byte[] sent) throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), gateway.port())) {
            socket.getOutputStream().write(sent);
            FrameSplitter splitter = new FrameSplitter(GatewayCodec.LENGTH_MAX);
            byte[] came = socket.getInputStream().readAllBytes();
            splitter.feed(came, 0, came.length);
            return splitter.next();
        }
    }
}
