package dev.recado.it;

import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One ZeroMQ socket of a third party. Frames are texts in which each character is one byte. Used by one thread at a
 * time; whatever the library refuses is an {@link AssertionError}.
 */
interface ZmqSocket extends AutoCloseable {

    /** Sends one message; false where the socket had no room for it within 200 ms. */
    boolean send(String... frames);

    /** The next message, or null where none comes within {@code patience}. */
    @Nullable
    List<String> receive(Duration patience);

    void subscribe(String prefix);

    void unsubscribe(String prefix);

    /** Ends it as a program does that closes its socket and waits until everything is sent. */
    @Override
    void close();

    /** Ends it as {@code kill -9} does. */
    void kill();

    /** The next message; fails where none comes. */
    default List<String> receive() {
        List<String> message = receive(ZmqScene.PATIENCE);
        if (message == null) {
            throw new AssertionError("no message within " + ZmqScene.PATIENCE.toMillis() + " ms at " + this);
        }
        return message;
    }

    /** Sends one message, for which there must be room. */
    default void post(String... frames) {
        if (!send(frames)) {
            throw new AssertionError("no room for a message at " + this);
        }
    }
}
