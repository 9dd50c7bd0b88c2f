package dev.recado.broker.session;

import dev.recado.base.BrokerException;
import dev.recado.base.ByteWriter;
import dev.recado.base.ErrorCode;
import dev.recado.base.Refusal;
import dev.recado.core.message.Draft;
import dev.recado.core.message.MessageLayout;
import dev.recado.core.routing.Route;
import dev.recado.core.topic.Partition;
import dev.recado.core.topic.ProducerWindow;
import dev.recado.core.topic.Topic;
import dev.recado.shard.MemberCommand;
import dev.recado.shard.PendingRun;
import dev.recado.shard.PendingTransaction;
import dev.recado.shard.Receipts;
import dev.recado.shard.ShardCommand;
import dev.recado.shard.ShardPort;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a session has published and settled since it began a transaction, until it commits that: then each shard does
 * its part whole or not at all. Where a message goes is decided when it is published. Holds at most {@link #BYTES_MAX},
 * or one message, and {@link #ACTIONS_MAX} messages published or settled; beyond that, or where the share of all
 * transactions is used up, it is spoiled: nothing of it is done. Owned by the session's loop.
 */
final class Transaction implements Receipts, PendingTransaction.Receipt {

    /** Of messages as they are stored, and what it takes to keep track of them. */
    static final long BYTES_MAX = 16L * 1024 * 1024;
    /** Messages published, once for each topic, ranges of acknowledged ones, and others that are given back. */
    static final int ACTIONS_MAX = 65_536;

    /** The broker remembers so many numbers: were there more, it could not tell those that are sent again. */
    private static final Refusal TOO_MANY_NUMBERED = Refusal.of(
            ErrorCode.LIMIT_REACHED, "numbered messages of a transaction, limit=" + ProducerWindow.NUMBERS_MAX);

    private static final int RUN_BYTES_AIM = 256 * 1024 - 1024;
    private static final int ACTION_BYTES = 64;

    private final LoopLink link;
    private final TransactionShare share;
    private final List<PendingRun> runs = new ArrayList<>();
    /** By partition, the last one. */
    private final Map<Integer, PendingRun> openRuns = new HashMap<>();

    private final Map<Seat, Settled> settled = new LinkedHashMap<>();
    private final List<Answer> answers = new ArrayList<>(0);
    private final Promise<Void> done = Promise.promise();
    private List<PendingTransaction> parts = List.of();
    private @Nullable Refusal spoiled;
    private long bytes;
    private int actions;
    private int published;
    private int numbered;
    private int answered;
    private int stored;

    /** What one member has settled. */
    private static final class Settled {
        private final AckList acks = new AckList();
        private final List<MemberCommand> others = new ArrayList<>(0);
    }

    /** A reply to a request. */
    private record Answer(String replyTo, byte[] message) {}

    Transaction(LoopLink link) {
        this.link = link;
        this.share = link.sessions().transactions();
    }

    void spoil(Refusal why) {
        if (spoiled == null) {
            spoiled = why;
        }
    }

    private @Nullable Refusal reserve(long more) {
        if (spoiled != null) {
            return spoiled;
        }
        Refusal refusal = null;
        if (actions >= ACTIONS_MAX) {
            refusal = Refusal.of(ErrorCode.LIMIT_REACHED, "messages of a transaction, limit=" + ACTIONS_MAX);
        } else if (actions > 0 && bytes + more > BYTES_MAX) {
            refusal = Refusal.of(ErrorCode.LIMIT_REACHED, "bytes of a transaction, limit=" + BYTES_MAX);
        } else {
            refusal = share.take(more);
        }
        if (refusal == null) {
            bytes += more;
            actions++;
        } else {
            spoil(refusal);
        }
        return refusal;
    }

    /** What was lent for {@code draft} is given back: it is copied. */
    @Nullable
    Refusal publish(Topic topic, Draft draft, @Nullable String producer, long sequence) {
        try {
            return addTo(List.of(topic), draft, producer, sequence);
        } finally {
            draft.giveBackLoan();
        }
    }

    /** As {@link LoopLink#publishThrough}; what no binding matches counts and goes nowhere. */
    @Nullable
    Refusal publishThrough(
            String exchange,
            String key,
            @Nullable List<String> keys,
            Draft draft,
            long ticket,
            @Nullable String producer,
            long sequence) {
        try {
            Route route = link.sessions()
                    .router(link.loop().index())
                    .route(link.record().namespace(), exchange, key, keys, draft);
            if (route == null || route.isInternal()) {
                return refused(MessageRouter.closed(route, exchange));
            }
            Refusal refusal = route.topics().isEmpty()
                    ? reserve(draft.bytes() + ACTION_BYTES)
                    : addTo(route.topics(), draft, producer, sequence);
            if (refusal == null && route.topics().isEmpty()) {
                link.port().onRouted(ticket, 0);
            }
            return refusal;
        } finally {
            draft.giveBackLoan();
        }
    }

    private @Nullable Refusal addTo(List<Topic> topics, Draft draft, @Nullable String producer, long sequence) {
        if (producer != null && ++numbered > ProducerWindow.NUMBERS_MAX) {
            return refused(TOO_MANY_NUMBERED);
        }
        for (Topic topic : topics) {
            Refusal refusal = link.refusalOf(topic, draft);
            if (refusal != null) {
                return refused(refusal);
            }
        }
        for (Topic topic : topics) {
            Refusal refusal = reserve(MessageLayout.sizeAtMost(draft) + ACTION_BYTES);
            if (refusal != null) {
                return refused(refusal);
            }
            add(topic, draft, producer, sequence);
        }
        return null;
    }

    private Refusal refused(Refusal refusal) {
        link.loop().counters().refused++;
        spoil(refusal);
        return refusal;
    }

    private void add(Topic topic, Draft draft, @Nullable String producer, long sequence) {
        Partition to = link.sessions().router(link.loop().index()).partition(topic, draft, producer, sequence);
        int size = MessageLayout.sizeAtMost(draft);
        PendingRun run = openRuns.get(to.id());
        if (run == null || run.bytes() + size > RUN_BYTES_AIM || !run.takes(producer, sequence)) {
            run = new PendingRun(link.loop(), link.node().shard(to.shard()), to, size);
            openRuns.put(to.id(), run);
            runs.add(run);
        }
        run.add(draft, this, run.count(), producer, sequence);
        published++;
        link.record().onPublished();
    }

    void ack(LoopSubscription subscription, int partitionIndex, long firstOffset, long lastOffset) {
        Settled mine = settledOn(subscription, partitionIndex, ACTION_BYTES);
        if (mine != null) {
            mine.acks.add(firstOffset, lastOffset);
        }
    }

    void giveBack(LoopSubscription subscription, int partitionIndex, MemberCommand.Return command) {
        Settled mine = settledOn(subscription, partitionIndex, ACTION_BYTES);
        if (mine != null) {
            mine.others.add(command);
        }
    }

    void reject(LoopSubscription subscription, int partitionIndex, MemberCommand.Reject command) {
        int reasonBytes = command.reason().getBytes(StandardCharsets.UTF_8).length;
        Settled mine = settledOn(subscription, partitionIndex, ACTION_BYTES + reasonBytes);
        if (mine != null) {
            mine.others.add(command);
        }
    }

    /** Null where there is nothing to settle, or no room to keep track of it. */
    private @Nullable Settled settledOn(LoopSubscription subscription, int partitionIndex, int bytesMore) {
        Seat seat = subscription.seat(partitionIndex);
        if (seat == null || reserve(bytesMore) != null) {
            return null;
        }
        subscription.live();
        return settled.computeIfAbsent(seat, unused -> new Settled());
    }

    /** A reply goes out once all else is done. */
    void reply(String replyTo, Draft draft) {
        if (reserve(MessageLayout.sizeAtMost(draft) + ACTION_BYTES) == null) {
            ByteWriter message = new ByteWriter(64 + draft.payloadLength);
            MessageLayout.write(message, draft);
            answers.add(new Answer(replyTo, message.toByteArray()));
        }
    }

    /** Hands each shard its part, behind all that the session did before; completes once all have answered. */
    Future<Void> commit() {
        Refusal why = spoiled;
        if (why == null && (link.closed() || link.node().stopping())) {
            why = Refusal.of(ErrorCode.STOPPING, "the session has ended");
        }
        if (why != null) {
            end();
            return Future.failedFuture(BrokerException.of(why));
        }
        link.loop().sealAll();
        Map<ShardPort, PendingTransaction> byShard = split();
        parts = List.copyOf(byShard.values());
        link.loop().counters().published += published;
        byShard.forEach((shard, part) -> shard.tell(new ShardCommand.Commit(part)));
        if (parts.isEmpty()) {
            complete();
        }
        return done.future();
    }

    private Map<ShardPort, PendingTransaction> split() {
        Map<ShardPort, List<PendingRun>> published = new LinkedHashMap<>();
        for (PendingRun run : runs) {
            link.loop().counters().publishedBytes += run.bytes();
            published
                    .computeIfAbsent(link.node().shard(run.partition().shard()), unused -> new ArrayList<>())
                    .add(run);
        }
        Map<ShardPort, List<PendingTransaction.Settled>> done = new LinkedHashMap<>();
        settled.forEach((seat, mine) -> {
            List<MemberCommand> commands = commands(seat, mine);
            if (seat.isOfPattern()) {
                commands.forEach(seat::tell); // nothing of it is kept
            } else {
                published.computeIfAbsent(seat.owner(), unused -> new ArrayList<>());
                commands.forEach(command -> done.computeIfAbsent(seat.owner(), unused -> new ArrayList<>())
                        .add(seat.settled(command)));
            }
        });
        Map<ShardPort, PendingTransaction> byShard = new LinkedHashMap<>();
        published.forEach((shard, theirs) -> byShard.put(
                shard, new PendingTransaction(link.loop(), this, this, theirs, done.getOrDefault(shard, List.of()))));
        return byShard;
    }

    private List<MemberCommand> commands(Seat seat, Settled mine) {
        List<MemberCommand> commands = new ArrayList<>(mine.others.size() + 1);
        long[] ranges = mine.acks.take();
        for (int i = 0; i < ranges.length; i += 2) {
            link.record().onAcked(seat.settled(ranges[i], ranges[i + 1]));
        }
        if (ranges.length > 0) {
            commands.add(new MemberCommand.Settle(ranges, 0));
        }
        commands.addAll(mine.others);
        return commands;
    }

    @Override
    public void onStored() {
        stored++;
        onAnswer();
    }

    @Override
    public void onRefused(Refusal why) {
        spoil(why);
        onAnswer();
    }

    private void onAnswer() {
        answered++;
        if (answered == parts.size()) {
            complete();
        }
    }

    private void complete() {
        Refusal why = spoiled;
        if (why == null) {
            answers.forEach(answer -> link.sessions().inboxes().send(answer.replyTo(), answer.message(), link.loop()));
        } else {
            link.loop().counters().refused += published;
            if (stored > 0) {
                why = new Refusal(
                        why.code(), why.detail(), false, "done in " + stored + " of " + parts.size() + " shards");
            }
        }
        end();
        if (why == null) {
            done.complete();
        } else {
            done.fail(BrokerException.of(why));
        }
    }

    /** It holds nothing more. */
    void end() {
        link.record().onAnswered(published);
        runs.clear();
        openRuns.clear();
        settled.clear();
        answers.clear();
        share.giveBack(bytes);
        bytes = 0;
    }

    /** The session is gone: what waits is not to be done. */
    void abandon() {
        parts.forEach(PendingTransaction::abandon);
    }

    @Override
    public boolean waits() {
        return link.waits();
    }

    @Override
    public void onConfirmed(long firstTicket, int count, int partitionIndex, long firstOffset, long bytesOfThem) {
        // The outcome of the whole is told.
    }

    @Override
    public void onRefused(long firstTicket, int count, Refusal refusal, long bytesOfThem) {
        throw new AssertionError("part of a transaction was refused by itself " + refusal);
    }

    @Override
    public void onParked(long bytesOfThem) {
        throw new AssertionError("part of a transaction was parked by itself");
    }
}
