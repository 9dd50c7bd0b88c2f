package dev.recado.fuzz;

import java.io.IOException;

/** One connection of a conversation; its answers go to the {@link Ear} that it was opened with. */
public interface Peer {

    void send(byte[] bytes) throws IOException;

    /** While on, nothing is taken from the socket. */
    void stall(boolean on);

    void hangUp();

    /** Where the peers of a conversation come from. */
    @FunctionalInterface
    interface House {
        Peer open(int voice, Ear ear) throws IOException;
    }
}
