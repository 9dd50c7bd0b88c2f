package dev.recado.transport.text;

import dev.recado.base.ByteWriter;

/** An answer that is encoded when its turn comes: larger than a line, or with something to do once it is written. */
@FunctionalInterface
interface Reply {

    /** Writes the answer with its line ends. */
    void writeTo(ByteWriter out);
}
