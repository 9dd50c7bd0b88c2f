package dev.recado.app.classic;

import java.io.IOException;
import java.io.OutputStream;

/** Receives what {@link ClassicReader} finds, in the order of the file. */
public interface ClassicSink {

    /**
     * One message.
     *
     * @param id the id that the file gives it
     * @param timestamp as it stands there; {@link ClassicReader#millisOf} knows its unit
     * @param content the receiver's to keep
     */
    void onMessage(long id, long timestamp, byte[] content) throws IOException;

    /**
     * The position of one consumer.
     *
     * @param consumer its id as on the wire, which has no colon
     * @param offset id of the message that it gets next
     */
    void onConsumer(String consumer, long offset) throws IOException;

    /**
     * A line, counted from 1, that is not of the format and is passed over; {@code fact} never holds its content.
     *
     * @return where the bytes of the line go, its end included; the sink's to close
     */
    OutputStream onProblem(long line, String fact) throws IOException;
}
