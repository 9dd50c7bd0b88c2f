package dev.recado.load.step;

/** A connection with a broker. Everything of it belongs to the event loop of its channel, unless it says otherwise. */
public interface Connection {

    /** Whether it is of use still. Any thread. */
    boolean isOpen();

    /** Ends it. */
    void close();
}
