package dev.recado.transport;

/**
 * What all sockets of one event loop share, whatever their protocol: the array that they read into, and the budget of
 * what they were given and have not taken. Owned by its loop.
 */
public final class SocketBuffers {

    private final OutputBudget output;
    private byte[] input = new byte[16 * 1024];

    /** {@code outputBytesMax} bounds what all sockets of the loop were given and have not taken. */
    public SocketBuffers(long outputBytesMax) {
        output = new OutputBudget(outputBytesMax);
    }

    OutputBudget output() {
        return output;
    }

    /** Room for {@code bytes} that were read. */
    byte[] input(int bytes) {
        if (input.length < bytes) {
            input = new byte[bytes];
        }
        return input;
    }
}
