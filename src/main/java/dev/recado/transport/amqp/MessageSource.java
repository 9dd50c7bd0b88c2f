package dev.recado.transport.amqp;

import dev.recado.base.ByteWriter;

/** Who has messages for a connection's client and gets its turn among others. */
interface MessageSource {

    /** Appends what waits, about {@code bytesMax} in all; less where something large is under way. */
    void encode(ByteWriter out, int bytesMax);

    /** Whether something waits. */
    boolean isWaiting();
}
