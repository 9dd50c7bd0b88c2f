package dev.recado.apps.monitor;

import static org.assertj.core.api.Assertions.assertThat;

import dev.recado.apps.monitor.MonitorMessage.Kind;
import dev.recado.apps.monitor.SupervisedNode.Address;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class MonitorLinksTest {

    private static final int MORE_THAN_TAKEN = 80;

    private final Vertx vertx = Vertx.vertx();

    @AfterEach
    void closeVertx() {
        vertx.close().await();
    }

    /** Whoever connects and says nothing, as scanners do, must not keep monitors from each other. */
    @Test
    void shouldHearAMonitorThoughManyConnectAndSayNothing() throws IOException, InterruptedException {
        // Given
        BlockingQueue<MonitorMessage> heard = new LinkedBlockingQueue<>();
        MonitorLinks links = new MonitorLinks(vertx, Map.of(), heard::add);
        int port = links.listen(new Address("127.0.0.1", 0)).await();
        List<Socket> opened = new ArrayList<>();
        try {
            Socket early = connect(port, opened);
            say(early, 1);
            assertThat(heard.poll(30, TimeUnit.SECONDS)).isNotNull();
            for (int i = 0; i < MORE_THAN_TAKEN; i++) {
                connect(port, opened);
            }

            // When
            say(connect(port, opened), 2);

            // Then
            assertThat(heard.poll(30, TimeUnit.SECONDS)).isEqualTo(new MonitorMessage(Kind.ELECTION, 2));
        } finally {
            for (Socket socket : opened) {
                socket.close();
            }
            links.close().await();
        }
    }

    private static Socket connect(int port, List<Socket> opened) throws IOException {
        Socket socket = new Socket(InetAddress.getLoopbackAddress(), port);
        opened.add(socket);
        return socket;
    }

    private static void say(Socket socket, int id) throws IOException {
        socket.getOutputStream().write(new MonitorMessage(Kind.ELECTION, id).encode());
    }
}
