package dev.recado.fuzz;

/** Where what the broker says to one connection goes. Thread-safe. */
public interface Ear {

    void feed(byte[] data, int start, int length);

    /** The socket's end. */
    void close();

    /** Tells of something that must not happen on the connection's own side. */
    void fail(String what);
}
