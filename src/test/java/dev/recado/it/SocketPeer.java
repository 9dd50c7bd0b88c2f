package dev.recado.it;

import dev.recado.fuzz.Ear;
import dev.recado.fuzz.Peer;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;

/** A connection of a conversation over a real socket, with a thread of its own that listens. */
final class SocketPeer implements Peer {

    private static final int BUFFER_BYTES = 16 * 1024;

    private final Socket socket;
    private final Ear ear;
    private boolean stalled;

    private SocketPeer(Socket socket, Ear ear) {
        this.socket = socket;
        this.ear = ear;
    }

    static Peer open(int port, Ear ear) throws IOException {
        Socket socket = new Socket(InetAddress.getLoopbackAddress(), port);
        socket.setTcpNoDelay(true);
        SocketPeer peer = new SocketPeer(socket, ear);
        Thread listener = new Thread(peer::listen, "fuzz-listener");
        listener.setDaemon(true);
        listener.start();
        return peer;
    }

    private void listen() {
        byte[] buffer = new byte[BUFFER_BYTES];
        try {
            InputStream in = socket.getInputStream();
            for (int length = in.read(buffer); length >= 0; length = in.read(buffer)) {
                ear.feed(buffer, 0, length);
                awaitTaking();
            }
        } catch (IOException gone) {
            // As its end: whether the broker may hang up is the ear's matter.
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        ear.close();
    }

    private synchronized void awaitTaking() throws InterruptedException {
        while (stalled) {
            wait();
        }
    }

    @Override
    public void send(byte[] bytes) throws IOException {
        socket.getOutputStream().write(bytes);
    }

    @Override
    public synchronized void stall(boolean on) {
        stalled = on;
        notifyAll();
    }

    @Override
    public void hangUp() {
        stall(false);
        try {
            socket.close();
        } catch (IOException gone) {
            // It is closed in any case.
        }
    }
}
