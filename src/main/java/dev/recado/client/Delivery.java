package dev.recado.client;

import dev.recado.transport.text.wire.HeaderList;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * A message in the hands of this client. The answers ({@link #ack} and so on) may be given once, from any thread; they
 * say false where the connection that brought the message is gone, since then the broker gives it to somebody again.
 * Without leases (taps, credit 0) they do nothing.
 */
public final class Delivery {

    static final byte[] NOTHING = {};

    private final Subscription subscription;
    private final int epoch;
    private final int partition;
    private final long offset;
    private final int attempt;
    private final long publishedMs;
    private final String key;
    private final byte[] headers;
    private final byte[] payload;

    /** The lease part of a delivery: which connection and subscription, which message, which time. */
    record Lease(Subscription subscription, int epoch, int partition, long offset, int attempt, long publishedMs) {}

    Delivery(Lease lease, String key, byte[] headers, byte[] payload) {
        subscription = lease.subscription();
        epoch = lease.epoch();
        partition = lease.partition();
        offset = lease.offset();
        attempt = lease.attempt();
        publishedMs = lease.publishedMs();
        this.key = key;
        this.headers = headers;
        this.payload = payload;
    }

    public MessageId id() {
        return new MessageId(partition, offset);
    }

    Subscription subscription() {
        return subscription;
    }

    int partition() {
        return partition;
    }

    long offset() {
        return offset;
    }

    /** Which connection brought it. */
    int epoch() {
        return epoch;
    }

    /** How often the message has been delivered in its group, this time included; 1 is the first. */
    public int attempt() {
        return attempt;
    }

    /**
     * When the message was published, by the broker's wall clock as it was when it was stored, in milliseconds; null
     * from a broker that does not tell (0.1.0).
     */
    public @Nullable Instant publishedAt() {
        return publishedMs < 0 ? null : Instant.ofEpochMilli(publishedMs);
    }

    /** The key, empty where it has none. */
    public String key() {
        return key;
    }

    /** Of a name that is there twice the first; {@link #allHeaders} has both. */
    public Map<String, String> headers() {
        return headers.length == 0 ? Map.of() : HeaderList.readFirst(headers);
    }

    /** Every header in order: a dead letter has what the broker says of it before what the message had. */
    public List<Map.Entry<String, String>> allHeaders() {
        return HeaderList.read(headers);
    }

    /** The payload itself, not a copy. */
    public byte[] payload() {
        return payload;
    }

    /** The payload as UTF-8. */
    public String text() {
        return new String(payload, StandardCharsets.UTF_8);
    }

    /** Done with it; it never comes again. Goes to the broker within a millisecond, many in one write. */
    public boolean ack() {
        return subscription.session().leases().ack(subscription, this);
    }

    /** As {@link #ack}; completes once the broker has the acknowledgement on disk. */
    public CompletableFuture<Void> ackDurably() {
        return subscription.session().leases().ackDurably(subscription, this);
    }

    /** Gives it back, to come again after the group's back-off. */
    public boolean nack() {
        return nack(-1);
    }

    /** Gives it back, to come again after {@code delayMs}. */
    public boolean nack(long delayMs) {
        return subscription
                .session()
                .leases()
                .returned(subscription, this, (out, sid) -> out.nack(sid, partition, offset, delayMs));
    }

    /**
     * Leaves it unanswered, to return when the subscription ends, and takes another in its place where the deliveries
     * are bounded ({@link SubscribeOptions#deliveriesMax}); elsewhere it goes on using credit. Call it at most once,
     * and nothing else after it.
     */
    public boolean setAside() {
        return subscription.session().leases().setAside(subscription, this);
    }

    /** Sends it to the group's dead letters at once. */
    public boolean reject(String reason) {
        return subscription
                .session()
                .leases()
                .settle(subscription, this, (out, sid) -> out.reject(sid, partition, offset, reason));
    }

    /** Lets the lease end {@code ms} from now, at most 12 h. */
    public CompletableFuture<Void> extend(long ms) {
        return subscription.session().leases().extend(subscription, this, ms);
    }

    /** Answers a request (a message with the header {@code reply-to}) and acknowledges it. */
    public boolean reply(byte[] answer) {
        return subscription
                .session()
                .leases()
                .settle(subscription, this, (out, sid) -> out.reply(sid, partition, offset, answer));
    }
}
