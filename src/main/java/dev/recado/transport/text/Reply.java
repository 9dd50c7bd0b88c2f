package dev.recado.transport.text;

import dev.recado.base.ByteWriter;
import dev.recado.transport.LargeOutput;

/** An answer that is encoded when its turn comes: larger than a line, or with something to do once it is written. */
@FunctionalInterface
interface Reply {

    /** Writes the answer with its line ends, or begins it in {@code large}. */
    void writeTo(ByteWriter out, LargeOutput large);
}
