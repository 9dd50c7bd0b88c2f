package dev.recado.it;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * A stretch of network between clients and a port of this machine. While it is cut nothing passes in either direction
 * and nobody is told. Afterwards what was under way comes late, as TCP has it, or the connections of before stay dead
 * without an end that either side could see, as behind a router that has forgotten them.
 */
final class TcpRelay implements AutoCloseable {

    private final int target;
    private final ServerSocket listener = new ServerSocket(0, 100, InetAddress.getLoopbackAddress());
    private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
    private final Object network = new Object();
    private boolean isCut;
    private boolean closed;
    private int cuts;
    /** Connections that were made before this cut are dead. */
    private int forgottenBefore;

    TcpRelay(int target) throws IOException {
        this.target = target;
        start(this::accept);
    }

    private static void start(Runnable work) {
        Thread thread = new Thread(work, "relay");
        thread.setDaemon(true);
        thread.start();
    }

    int port() {
        return listener.getLocalPort();
    }

    void cut() {
        synchronized (network) {
            isCut = true;
            cuts++;
        }
    }

    /** Whatever was sent meanwhile comes through, also the ends of connections. */
    void heal() {
        heal(false);
    }

    /** Only connections that were made meanwhile, or are made from now on, come through. */
    void healForgetting() {
        heal(true);
    }

    private void heal(boolean forgetting) {
        synchronized (network) {
            isCut = false;
            forgottenBefore = forgetting ? cuts : forgottenBefore;
            network.notifyAll();
        }
    }

    private void accept() {
        try {
            while (true) {
                Socket client = listener.accept();
                sockets.add(client);
                start(() -> join(client));
            }
        } catch (IOException over) {
            // The relay was closed.
        }
    }

    private void join(Socket client) {
        int born = born();
        if (!passes(born)) {
            return;
        }
        try {
            Socket server = new Socket(InetAddress.getLoopbackAddress(), target);
            sockets.add(server);
            start(() -> pump(client, server, born));
            pump(server, client, born);
        } catch (IOException refused) {
            end(client);
        }
    }

    private int born() {
        synchronized (network) {
            return cuts;
        }
    }

    /** Waits until the network is whole; answers whether a connection of that age lives. */
    private boolean passes(int born) {
        synchronized (network) {
            try {
                while (isCut && !closed) {
                    network.wait();
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return false;
            }
            return !closed && born >= forgottenBefore;
        }
    }

    private void pump(Socket from, Socket to, int born) {
        try {
            InputStream input = from.getInputStream();
            OutputStream output = to.getOutputStream();
            byte[] buffer = new byte[16 << 10];
            for (int count = input.read(buffer); passes(born); count = input.read(buffer)) {
                if (count < 0) {
                    end(from);
                    end(to);
                    return;
                }
                output.write(buffer, 0, count);
            }
        } catch (IOException over) {
            if (passes(born)) {
                end(from);
                end(to);
            }
        }
    }

    private void end(Socket socket) {
        sockets.remove(socket);
        try {
            socket.close();
        } catch (IOException alreadyClosed) {
            // That is all that was wanted.
        }
    }

    @Override
    public void close() throws IOException {
        synchronized (network) {
            closed = true;
            network.notifyAll();
        }
        listener.close();
        sockets.forEach(this::end);
    }
}
