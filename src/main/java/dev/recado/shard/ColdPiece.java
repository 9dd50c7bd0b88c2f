package dev.recado.shard;

import dev.recado.core.message.StoredRun;
import java.util.List;

/** What a read of segments brought, and what it counts for until the reader gives that back. */
public record ColdPiece(List<StoredRun> runs, long bytes) {
    public static final ColdPiece NONE = new ColdPiece(List.of(), 0);
}
