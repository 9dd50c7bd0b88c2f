package dev.recado.bench;

import static org.assertj.core.api.Assertions.assertThat;

import dev.recado.base.ByteWriter;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.ServiceLoader;
import org.junit.jupiter.api.Test;

class SenderTest {

    private static final long START_NANOS = 1_000_000_000;
    private static final int WINDOW = 100;

    /** Writes one byte a message. */
    private static final class Dots implements LoadTransport.PublishEncoder {
        @Override
        public void greet(long nextSequence, ByteWriter out) {}

        @Override
        public void publish(long sequence, long intendedNanos, ByteWriter out) {
            out.put('.');
        }

        @Override
        public void finish(ByteWriter out) {}
    }

    /** The threads of a run lose a broker that dies one after the other: the first fits the exit code, too. */
    @Test
    void shouldKeepTheFirstFailureWhole() {
        RunState run = new RunState(Plans.closedLoop());
        run.fail("connection lost");
        run.failUnreachable("cannot reach it again");
        assertThat(run.failure()).isEqualTo("connection lost");
        assertThat(run.isUnreachable()).isFalse();
    }

    @Test
    void shouldSendNothingBeforeTheTimeFromWhichIsMeasured() throws Exception {
        // Given
        RunState run = new RunState(Plans.closedLoop());
        run.begin(new RunState.Times(null, START_NANOS, START_NANOS, 2 * START_NANOS));
        LoadTransport transport =
                ServiceLoader.load(LoadTransport.class).iterator().next();
        ConfirmLoop confirms = new ConfirmLoop(run, transport, new LatencyLog(1).writer(0));
        PublisherLink link = new PublisherLink(0, 128);
        Sender sender = new Sender(run, link, new Dots(), confirms);
        try (ServerSocket broker = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            LoadSocket socket = LoadSocket.connect(new LoadPlan.Address("127.0.0.1", broker.getLocalPort()), 1_024);
            link.socket = socket;
            link.phase = PublisherLink.Phase.READY;

            // When
            long again = sender.onTurn(START_NANOS - 1_000_000);
            long before = link.sent();
            sender.onTurn(again);

            // Then
            assertThat(again).isEqualTo(START_NANOS);
            assertThat(before).isZero();
            assertThat(link.sent()).isEqualTo(WINDOW);
            socket.close();
        }
    }
}
