package dev.recado.node;

import dev.recado.base.Refusal;
import dev.recado.shard.Receipts;
import dev.recado.shard.ShardCommand;
import dev.recado.shard.ShardOwner;

/** Tells a shard of the fate of what it had published. On the shard's loop. */
record ShardReceipts(ShardOwner shard) implements Receipts {

    @Override
    public void onConfirmed(long firstTicket, int count, int partitionIndex, long firstOffset, long bytes) {
        shard.on(new ShardCommand.LettersStored(firstTicket, count));
    }

    @Override
    public void onRefused(long firstTicket, int count, Refusal refusal, long bytes) {
        shard.on(new ShardCommand.LettersRefused(firstTicket, count, refusal));
    }

    @Override
    public void onParked(long bytes) {
        // Their share bounds what of them is under way.
    }

    @Override
    public boolean ofLetters() {
        return true;
    }
}
