package dev.recado.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.recado.base.ByteWriter;
import dev.recado.transport.amqp.ClientFrames;
import dev.recado.transport.amqp.wire.AmqpFrameReader;
import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What the AMQP path allocates, see {@link PathAllocation}. */
@Timeout(60)
class AmqpPathAllocationIT extends PathAllocation {

    private static final int FRAME_BYTES_MAX = 131_072;
    private static final int QUEUE_DECLARE_OK = 50 << 16 | 11;
    private static final int BASIC_ACK = 60 << 16 | 80;
    private static final int CONFIRM_SELECT_OK = 85 << 16 | 11;

    AmqpPathAllocationIT(@TempDir Path folder) {
        super(folder);
    }

    /** A blocking client that reads what it is told method by method. Used by one thread. */
    private static final class Peer implements AutoCloseable {
        private final Socket socket;
        private final DataInputStream in;
        private long confirmed;

        Peer(int port) throws IOException {
            socket = new Socket(InetAddress.getLoopbackAddress(), port);
            in = new DataInputStream(new BufferedInputStream(socket.getInputStream(), 1 << 16));
            send("AMQP\0\0\11\1".getBytes(StandardCharsets.ISO_8859_1));
            send(ClientFrames.startOk("PLAIN", "\0guest\0guest".getBytes(StandardCharsets.UTF_8)));
            for (String line : List.of("0 connection.tune-ok 2047 131072 0", "0 connection.open /", "1 channel.open")) {
                say(line);
            }
        }

        void say(String line) throws IOException {
            send(ClientFrames.of(line, FRAME_BYTES_MAX));
        }

        void send(byte[] bytes) throws IOException {
            socket.getOutputStream().write(bytes);
        }

        /** Reads up to a method, and that; answers its arguments. */
        ByteBuffer await(int method) throws IOException {
            while (true) {
                byte[] head = in.readNBytes(AmqpFrameReader.PRELUDE_BYTES);
                int length = ByteBuffer.wrap(head).getInt(3);
                ByteBuffer payload = ByteBuffer.wrap(in.readNBytes(length + 1));
                if (head[0] == AmqpFrameReader.METHOD && payload.getInt() == method) {
                    return payload;
                }
            }
        }

        /** Reads until so many more publishes are confirmed, which are all that there are. */
        void awaitConfirmed(int count) throws IOException {
            long all = confirmed + count;
            while (confirmed < all) {
                ByteBuffer ack = await(BASIC_ACK);
                long tag = ack.getLong();
                confirmed = ack.get() == 1 ? tag : Math.max(confirmed, tag);
            }
        }

        @Override
        public void close() throws IOException {
            socket.close();
        }
    }

    private Peer publisher() throws IOException {
        Peer publisher = new Peer(port("amqp"));
        publisher.say("1 queue.declare q durable");
        publisher.await(QUEUE_DECLARE_OK);
        publisher.say("1 queue.bind q amq.direct k");
        publisher.say("1 confirm.select");
        publisher.await(CONFIRM_SELECT_OK);
        return publisher;
    }

    private static byte[] burst(String address) {
        byte[] one = ClientFrames.of(
                "1 basic.publish " + address + " delivery-mode=2 : " + "x".repeat(PAYLOAD_BYTES), FRAME_BYTES_MAX);
        ByteWriter out = new ByteWriter(BURST * one.length);
        for (int i = 0; i < BURST; i++) {
            out.put(one);
        }
        return out.toByteArray();
    }

    private long bytesPerPublish(String address) throws Exception {
        start(1);
        try (Peer publisher = publisher()) {
            byte[] burst = burst(address);
            return bytesPerMessage(() -> {
                publisher.send(burst);
                publisher.awaitConfirmed(BURST);
            });
        }
    }

    /** Through the default exchange. Measured: 193 to 194. */
    @Test
    void shouldAllocateLittlePerDurablePublishToAQueue() throws Exception {
        assertThat(bytesPerPublish("'' q")).as("bytes a message").isLessThan(300);
    }

    /**
     * Measured: 267; 796 before, with texts for its address and for a check that holds, and what was kept until it was
     * stored.
     */
    @Test
    void shouldAllocateLittlePerDurablePublishThroughAnExchange() throws Exception {
        assertThat(bytesPerPublish("amq.direct k")).as("bytes a message").isLessThan(380);
    }
}
