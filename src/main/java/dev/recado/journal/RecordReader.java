package dev.recado.journal;

import dev.recado.base.ByteReader;
import dev.recado.core.message.EntryHeader;
import dev.recado.core.message.EntryLayout;
import dev.recado.core.message.UnsoundEntryException;
import dev.recado.journal.RecoveredJournal.Promise;
import dev.recado.journal.RecoveredJournal.ShardTail;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Takes verified groups apart and holds each shard to its chain of (epoch, index). One owner. */
final class RecordReader {

    private static final long UNKNOWN_EPOCH = -1;

    private final JournalRecovery.Visitor visitor;
    /** Hears of damage, which is then passed over; null where the first one is thrown. */
    private final @Nullable Consumer<DamagedException> passOver;

    private final Map<Integer, ShardTail> tails = new HashMap<>();
    private final ByteReader in = new ByteReader();
    private String path = "";
    private long offset;
    private long position;

    RecordReader(JournalRecovery.Visitor visitor, @Nullable Consumer<DamagedException> passOver) {
        this.visitor = visitor;
        this.passOver = passOver;
    }

    Map<Integer, ShardTail> tails() {
        return Map.copyOf(tails);
    }

    /** Visits the records of the group at {@code offset} of the file and {@code position} of the journal. */
    void read(String file, long groupOffset, long groupPosition, byte[] body) {
        path = file;
        offset = groupOffset;
        position = groupPosition;
        ByteReader group = new ByteReader(body);
        while (group.remaining() > 0 && !group.failed()) {
            int kind = group.readByte();
            int length = group.readInt();
            int at = group.skip(length);
            if (!group.failed()) {
                recordOrDamage(kind, body, at, length);
            }
        }
        if (!group.consumed()) {
            DamagedException damage = DamagedException.file(path, offset, "records do not fill their group");
            if (passOver == null) {
                throw damage;
            }
            passOver.accept(damage);
        }
    }

    private void recordOrDamage(int kind, byte[] body, int at, int length) {
        try {
            record(kind, body, at, length);
        } catch (DamagedException damage) {
            if (passOver == null) {
                throw damage;
            }
            passOver.accept(damage);
        }
    }

    private void record(int kind, byte[] body, int at, int length) {
        in.wrap(body, at, length);
        switch (kind) {
            case JournalLayout.KIND_ENTRY -> entry(body, at, length);
            case JournalLayout.KIND_PROMISE -> promise();
            case JournalLayout.KIND_TRUNCATE -> truncate();
            default -> throw DamagedException.file(path, offset, "unknown record kind=" + kind);
        }
    }

    private void entry(byte[] body, int at, int length) {
        EntryHeader header = EntryLayout.read(body, at, length);
        if (header == null) {
            throw DamagedException.file(path, offset, "invalid entry in a valid group");
        }
        ShardTail tail = tails.get(header.shard());
        boolean known = tail != null && (tail.lastIndex() > 0 || tail.lastEpoch() == UNKNOWN_EPOCH);
        if (tail != null && known) {
            boolean follows = header.index() == tail.lastIndex() + 1
                    && (tail.lastEpoch() == UNKNOWN_EPOCH || header.previousEpoch() == tail.lastEpoch())
                    && header.epoch() >= header.previousEpoch();
            if (!follows) {
                onBrokenChain(header, tail);
            }
        }
        Promise promise = tail == null ? null : tail.promise();
        tails.put(header.shard(), new ShardTail(header.shard(), header.index(), header.epoch(), promise));
        try {
            visitor.entry(position, body, at, length, header);
        } catch (UnsoundEntryException unsound) {
            throw DamagedException.shard(
                    path,
                    offset,
                    header.shard(),
                    "entry index=" + header.index() + " does not hold together: " + unsound.getMessage());
        }
    }

    private void onBrokenChain(EntryHeader header, ShardTail tail) {
        DamagedException damage = DamagedException.shard(
                path,
                offset,
                header.shard(),
                "entry index=" + header.index() + " previousEpoch=" + header.previousEpoch() + " does not follow index="
                        + tail.lastIndex() + " epoch=" + tail.lastEpoch());
        // Past damage the visitor sees by the index what is missing; one that comes twice is never right.
        if (passOver == null || header.index() <= tail.lastIndex()) {
            throw damage;
        }
    }

    private void promise() {
        int shard = in.readShort();
        long epoch = in.readLong();
        long nonce = in.readLong();
        String candidate = in.readString();
        checkConsumed();
        ShardTail tail = tailOf(shard);
        Promise before = tail.promise();
        if (before != null && before.epoch() > epoch) {
            throw DamagedException.shard(path, offset, shard, "promise goes back epoch=" + epoch);
        }
        Promise promise = new Promise(epoch, candidate, nonce);
        tails.put(shard, new ShardTail(shard, tail.lastIndex(), tail.lastEpoch(), promise));
        visitor.promise(position, shard, epoch, candidate, nonce);
    }

    private void truncate() {
        int shard = in.readShort();
        long fromIndex = in.readLong();
        long epoch = in.readLong();
        long generation = in.readLong();
        checkConsumed();
        ShardTail tail = tailOf(shard);
        tails.put(shard, new ShardTail(shard, fromIndex - 1, UNKNOWN_EPOCH, tail.promise()));
        visitor.truncate(position, shard, fromIndex, epoch, generation);
    }

    private ShardTail tailOf(int shard) {
        return tails.getOrDefault(shard, new ShardTail(shard, 0, 0, null));
    }

    private void checkConsumed() {
        if (!in.consumed()) {
            throw DamagedException.file(path, offset, "record does not hold together");
        }
    }
}
