package dev.recado.shard;

import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.function.LongConsumer;

/**
 * What a shard has asked to be read of segments and waits for, by ticket: one piece a reader at most. Owned by the
 * shard's loop.
 */
final class PendingReads {

    private final ShardEffects effects;
    private final int shard;
    private final Map<Long, Consumer<ColdPiece>> pieces = new HashMap<>();
    private final Map<Long, LongConsumer> times = new HashMap<>();
    private long lastTicket;

    PendingReads(ShardEffects effects, int shard) {
        this.effects = effects;
        this.shard = shard;
    }

    /** As {@link ShardEffects#read}; {@code then} gets the piece, also where the partition is gone meanwhile. */
    void read(int partition, long offset, int bytesMax, Consumer<ColdPiece> then) {
        lastTicket++;
        pieces.put(lastTicket, then);
        effects.read(shard, partition, lastTicket, offset, bytesMax);
    }

    /** As {@link ShardEffects#findTime}; {@code then} gets the offset, -1 where the partition is damaged. */
    void findTime(int partition, long timeMs, long nowMs, LongConsumer then) {
        lastTicket++;
        times.put(lastTicket, then);
        effects.findTime(shard, partition, lastTicket, timeMs, nowMs);
    }

    void onRead(long ticket, ColdPiece piece) {
        Objects.requireNonNull(pieces.remove(ticket), "a piece that nobody waits for")
                .accept(piece);
    }

    void onTimeFound(long ticket, long offset) {
        Objects.requireNonNull(times.remove(ticket), "an offset that nobody waits for")
                .accept(offset);
    }
}
