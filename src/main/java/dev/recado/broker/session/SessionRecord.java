package dev.recado.broker.session;

import dev.recado.base.Refusal;
import dev.recado.broker.Party;
import dev.recado.broker.SessionFigures;
import dev.recado.broker.SessionInfo;
import dev.recado.broker.SessionPort;
import dev.recado.core.topic.TopicName;
import dev.recado.security.Identity;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Who a session is and what it has done so far. Owned by its loop; counting allocates nothing and asks no clock. */
final class SessionRecord {

    private static final long RATE_MS_MIN = 1_000;

    private final long id;
    private final SampleClock clock;
    private final long connectedMs;
    private final long openedMs;
    private final Party party;
    private SessionInfo info;
    private Identity identity;
    private @Nullable Refusal shortage;
    private long published;
    private long answered;
    private long delivered;
    private long acked;

    private int sample;
    private final long[] newer = new long[3];
    private final long[] older = new long[3];

    /** One that is opened at {@code openedMs} by the monotonic and at {@code connectedMs} by the wall clock. */
    SessionRecord(
            long id,
            SessionInfo info,
            Identity identity,
            Party party,
            SampleClock clock,
            long openedMs,
            long connectedMs) {
        this.id = id;
        this.party = party;
        this.info = info.withUser(identity.user()).withNamespace(TopicName.DEFAULT_NAMESPACE);
        this.identity = identity;
        this.clock = clock;
        this.openedMs = openedMs;
        this.connectedMs = connectedMs;
        this.sample = clock.number();
    }

    long id() {
        return id;
    }

    Party party() {
        return party;
    }

    SessionInfo info() {
        return info;
    }

    /** What is known of it from now on, but for its user and its namespace. */
    void info(SessionInfo known) {
        info = known.withUser(identity.user()).withNamespace(namespace());
    }

    String namespace() {
        return info.namespace();
    }

    /** It works in that namespace from now on. */
    void namespace(String entered) {
        info = info.withNamespace(entered);
    }

    Identity identity() {
        return identity;
    }

    /** It has logged in. */
    void identity(Identity known) {
        identity = known;
        info = info.withUser(known.user());
    }

    void onPublished() {
        sample();
        published++;
    }

    /** Tells {@code port} why what it publishes is not stored, or (null) that it is again, where that is news to it. */
    void onShortage(@Nullable Refusal now, SessionPort port) {
        boolean concerns = now == null || published > 0;
        if (concerns && !Objects.equals(now, shortage)) {
            shortage = now;
            port.onShortage(now);
        }
    }

    /** Publishes have had their outcome. */
    void onAnswered(int count) {
        answered += count;
    }

    void onDelivered(long count) {
        sample();
        delivered += count;
    }

    void onAcked(long count) {
        sample();
        acked += count;
    }

    /** Takes the samples that were due since it was called last. */
    private void sample() {
        int now = clock.number();
        if (sample != now) {
            boolean next = sample + 1 == now;
            sample = now;
            sample(0, published, next);
            sample(1, delivered, next);
            sample(2, acked, next);
        }
    }

    private void sample(int which, long count, boolean next) {
        older[which] = next ? newer[which] : count;
        newer[which] = count;
    }

    /** As it is now, by the monotonic clock. */
    SessionFigures figures(int subscriptions, boolean paused, long nowMs) {
        sample();
        long sinceMs = Math.max(RATE_MS_MIN, nowMs - Math.max(openedMs, clock.olderMs()));
        return new SessionFigures(
                id,
                info,
                connectedMs,
                subscriptions,
                paused,
                new SessionFigures.Counts(published, published - answered, delivered, acked),
                new SessionFigures.Rates(
                        (published - older[0]) * 1_000.0 / sinceMs,
                        (delivered - older[1]) * 1_000.0 / sinceMs,
                        (acked - older[2]) * 1_000.0 / sinceMs));
    }
}
