package dev.recado.apps.coffee.state;

import dev.recado.apps.coffee.wire.Batch;
import java.io.IOException;

/** What becomes of the batches of a session: each once, in any order, and all again after a start. */
public interface BatchSink {

    /** A batch of rows, never an end. */
    void onBatch(Batch batch) throws IOException;
}
