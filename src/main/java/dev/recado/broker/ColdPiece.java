package dev.recado.broker;

import dev.recado.core.message.StoredRun;
import java.util.List;

/** What a read of segments brought, and what it counts for until the reader gives that back. */
record ColdPiece(List<StoredRun> runs, long bytes) {
    static final ColdPiece NONE = new ColdPiece(List.of(), 0);
}
