package dev.recado.transport.amqp;

import dev.recado.transport.LargeOutput;

/** A connection, for who has messages for its client. */
interface MessageOutlet {

    /** {@code source} has something to write, and is in turn from now on. */
    void ready(MessageSource source);

    /** It has nothing more. */
    void notReady(MessageSource source);

    /** So many more messages wait that go back to their publisher: nothing more is performed while there are any. */
    void returnsWait(int more);

    LargeOutput large();

    /** The longest frame that the client takes. */
    int frameBytesMax();
}
