package dev.recado.client;

import dev.recado.base.ByteWriter;
import dev.recado.client.RecadoException.Kind;
import dev.recado.transport.text.wire.CommandWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/**
 * Messages to publish and deliveries to settle, together: with {@link #commit} all of it is done, whole or not at all
 * within a shard of the broker (brokers from 0.2.0 on). Until then it is collected here, the broker knows nothing of
 * it, and the leases of what it settles go on running.
 *
 * <p>It holds at most {@link #ACTIONS_MAX} messages published or settled, and {@link #BYTES_MAX} bytes or one larger
 * message; beyond that a call fails with {@link RecadoException}, kind FULL, and the transaction is as it was. After
 * {@code commit} or {@code rollback} each call throws {@link IllegalStateException}. Not thread-safe: one owner at a
 * time; any number of them may be collected at once.
 */
public final class ClientTransaction {

    /** Messages published or settled. */
    public static final int ACTIONS_MAX = 65_536;
    /** Bytes of messages, with their topics, keys and headers. */
    public static final int BYTES_MAX = 16 * 1024 * 1024;

    private final ClientSession session;
    private final Commits commits;
    private final int lineBytesMax;
    private final ByteWriter publishes = new ByteWriter(1_024);
    private final List<Settled> settled = new ArrayList<>();
    private int publishCount;
    private boolean over;

    /** A delivery, and how it is settled. */
    private record Settled(Delivery delivery, boolean comesAgain, Leases.Settlement settlement) {}

    ClientTransaction(ClientSession session, Commits commits, int lineBytesMax) {
        this.session = session;
        this.commits = commits;
        this.lineBytesMax = lineBytesMax;
    }

    /** As {@link #publish(String, String, Map, MessageOptions, byte[])} with neither key, headers nor options. */
    public ClientTransaction publish(String topic, byte[] payload) {
        return publish(topic, "", Map.of(), MessageOptions.NONE, payload);
    }

    /** As {@link #publish(String, String, Map, MessageOptions, byte[])} without options. */
    public ClientTransaction publish(String topic, String key, Map<String, String> headers, byte[] payload) {
        return publish(topic, key, headers, MessageOptions.NONE, payload);
    }

    /**
     * Publishes to a topic with the commit; it has no id to tell. Not in order with {@link RecadoClient#publish}: what
     * waits there for a connection may come later.
     *
     * @param payload any bytes; copied before this returns
     * @throws RecadoException FULL at the bounds of a transaction, REFUSED where topic, key and headers are too long
     */
    public ClientTransaction publish(
            String topic, String key, Map<String, String> headers, MessageOptions wanted, byte[] payload) {
        ByteWriter command = new ByteWriter(payload.length + topic.length() + key.length() + 40);
        new CommandWriter(command).publish(topic, key, headers, wanted.words(), payload);
        return add(command, payload);
    }

    /** As {@link #publish} through an exchange, by 1 to 1,024 keys; what no binding leads anywhere goes nowhere. */
    public ClientTransaction publishThrough(
            String exchange, List<String> keys, Map<String, String> headers, MessageOptions wanted, byte[] payload) {
        ByteWriter command = new ByteWriter(payload.length + exchange.length() + 48);
        new CommandWriter(command).publishThrough(exchange, keys, headers, wanted.words(), payload);
        return add(command, payload);
    }

    private ClientTransaction add(ByteWriter command, byte[] payload) {
        requireRoom();
        if (command.size() - payload.length - 2 > lineBytesMax) {
            throw RecadoClient.lineTooLong(lineBytesMax);
        }
        if (publishCount > 0 && publishes.size() + command.size() > BYTES_MAX) {
            throw new RecadoException(Kind.FULL, "bytes of a transaction, limit=" + BYTES_MAX);
        }
        publishes.put(command.array(), 0, command.size());
        publishCount++;
        return this;
    }

    /**
     * Acknowledges a delivery with the commit, and only then: {@link Delivery#ack} and the like must not be called for
     * it besides.
     */
    public ClientTransaction ack(Delivery delivery) {
        return settle(delivery, false, (out, sid) -> out.ack(false, sid, delivery.partition(), delivery.offset()));
    }

    /** As {@link #ack}: gives it back, to come again after the group's back-off. */
    public ClientTransaction nack(Delivery delivery) {
        return settle(delivery, true, (out, sid) -> out.nack(sid, delivery.partition(), delivery.offset(), -1));
    }

    /** As {@link #ack}: sends it to the group's dead letters. */
    public ClientTransaction reject(Delivery delivery, String reason) {
        return settle(delivery, false, (out, sid) -> out.reject(sid, delivery.partition(), delivery.offset(), reason));
    }

    private ClientTransaction settle(Delivery delivery, boolean comesAgain, Leases.Settlement settlement) {
        requireRoom();
        Subscription subscription = delivery.subscription();
        if (subscription.session() != session || !subscription.options().isLeased()) {
            throw new IllegalArgumentException("not a delivery that this client holds id=" + delivery.id());
        }
        settled.add(new Settled(delivery, comesAgain, settlement));
        return this;
    }

    private void requireRoom() {
        requireOpen();
        if (publishCount + settled.size() == ACTIONS_MAX) {
            throw new RecadoException(Kind.FULL, "messages of a transaction, limit=" + ACTIONS_MAX);
        }
    }

    private void requireOpen() {
        if (over) {
            throw new IllegalStateException("the transaction is committed or rolled back");
        }
    }

    /**
     * Does all of it. The broker reads nothing else of this client until that is done, at most {@code
     * publish.block-timeout} where a topic is full.
     *
     * @return completes once all of it is as durable as its topics promise; fails with REFUSED where nothing of it was
     *     done (or in some shards only: then the text says in how many), and what it was to settle is still held; with
     *     CONNECTION_LOST where a delivery's connection is gone, or is lost before the answer: whether it was done can
     *     then not be told. It is not sent again
     */
    public CompletableFuture<Void> commit() {
        requireOpen();
        over = true;
        return commits.commit(this);
    }

    /** Drops it: the broker has heard nothing of it, and what it was to settle is still held. */
    public void rollback() {
        requireOpen();
        over = true;
        publishes.clear(0);
        settled.clear();
    }

    // Under the session's lock.

    int publishCount() {
        return publishCount;
    }

    boolean isHeld() {
        return settled.stream().allMatch(one -> session.isHeld(one.delivery().subscription(), one.delivery()));
    }

    /** The commands of it, in the connection that brought its deliveries. */
    byte[] commands() {
        ByteWriter out = new ByteWriter(publishes.size() + 32 * settled.size() + 64);
        CommandWriter writer = new CommandWriter(out);
        writer.command("BEGIN", "unnumbered");
        out.put(publishes.array(), 0, publishes.size());
        settled.forEach(one -> one.settlement().write(writer, one.delivery().subscription().sid));
        writer.command("COMMIT");
        return out.toByteArray();
    }

    /** It is committed: what it has settled does not come again, and bounded subscriptions get more. */
    void onCommitted() {
        for (Settled one : settled) {
            session.leases().settled(one.delivery().subscription(), one.delivery(), one.comesAgain());
        }
    }
}
