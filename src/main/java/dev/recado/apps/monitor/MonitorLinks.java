package dev.recado.apps.monitor;

import dev.recado.apps.monitor.SupervisedNode.Address;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.net.NetClient;
import io.vertx.core.net.NetClientOptions;
import io.vertx.core.net.NetServer;
import io.vertx.core.net.NetSocket;
import io.vertx.core.parsetools.RecordParser;
import java.io.IOException;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The monitors' lines to each other over TCP, one connection each way, made when there is something to say. What
 * cannot be sent is lost, which the algorithm is made for. Owned by one event loop.
 */
final class MonitorLinks {

    private static final int CONNECT_MS_MAX = 500;
    /** There are fewer monitors. Beyond, the one goes that has been silent for longest; a monitor connects again. */
    private static final int CONNECTIONS_MAX = 64;
    /** Of a connection that does not take what it is given. */
    private static final int UNSENT_BYTES_MAX = 4_096;

    private final Vertx vertx;
    private final Map<Integer, Address> addresses;
    private final Consumer<MonitorMessage> onMessage;
    private final NetClient client;
    private final Map<Integer, NetSocket> open = new HashMap<>();
    private final Map<Integer, Buffer> connecting = new HashMap<>();
    /** In the order in which something last came on them. */
    private final Map<NetSocket, Boolean> accepted = new LinkedHashMap<>(16, 0.75f, true);

    private @Nullable NetServer server;

    MonitorLinks(Vertx vertx, Map<Integer, Address> addresses, Consumer<MonitorMessage> onMessage) {
        this.vertx = vertx;
        this.addresses = addresses;
        this.onMessage = onMessage;
        client = vertx.createNetClient(
                new NetClientOptions().setConnectTimeout(CONNECT_MS_MAX).setTcpNoDelay(true));
    }

    /** Completes with the port that was bound. */
    Future<Integer> listen(Address address) {
        NetServer created = vertx.createNetServer();
        server = created;
        return created.connectHandler(this::accept)
                .listen(address.port(), address.host())
                .map(NetServer::actualPort)
                .recover(refused -> Future.failedFuture(new IOException(
                        "cannot listen on " + address + ": " + refused.getMessage()
                                + "; --monitors says where this one listens",
                        refused)));
    }

    private void accept(NetSocket socket) {
        if (accepted.size() >= CONNECTIONS_MAX) {
            NetSocket silent = accepted.keySet().iterator().next();
            accepted.remove(silent);
            silent.close();
        }
        accepted.put(socket, true);
        RecordParser lines = RecordParser.newDelimited("\n");
        lines.maxRecordSize(MonitorMessage.LINE_BYTES_MAX);
        lines.handler(line -> {
            accepted.replace(socket, true);
            MonitorMessage message = MonitorMessage.decode(line.toString());
            if (message == null) {
                socket.close();
            } else {
                onMessage.accept(message);
            }
        });
        lines.exceptionHandler(tooLong -> socket.close());
        socket.exceptionHandler(broken -> socket.close());
        socket.closeHandler(unused -> accepted.remove(socket));
        socket.handler(lines);
    }

    void send(int to, MonitorMessage message) {
        Buffer line = Buffer.buffer(message.encode());
        NetSocket socket = open.get(to);
        Buffer waiting = connecting.get(to);
        Address address = addresses.get(to);
        if (socket != null) {
            if (!socket.writeQueueFull()) {
                socket.write(line);
            }
        } else if (waiting != null) {
            if (waiting.length() < UNSENT_BYTES_MAX) {
                waiting.appendBuffer(line);
            }
        } else if (address != null) {
            connecting.put(to, line);
            client.connect(address.port(), address.host()).onComplete(result -> {
                Buffer first = connecting.remove(to);
                if (result.succeeded()) {
                    connected(to, result.result(), first == null ? Buffer.buffer() : first);
                }
            });
        }
    }

    private void connected(int to, NetSocket socket, Buffer first) {
        open.put(to, socket);
        socket.setWriteQueueMaxSize(UNSENT_BYTES_MAX);
        socket.exceptionHandler(broken -> socket.close());
        socket.closeHandler(unused -> open.remove(to, socket));
        // Nothing comes back on it; so that its end is seen all the same.
        socket.handler(unexpected -> socket.close());
        socket.write(first);
    }

    Future<Void> close() {
        NetServer listening = server;
        return (listening == null ? Future.<Void>succeededFuture() : listening.close()).eventually(client::close);
    }
}
