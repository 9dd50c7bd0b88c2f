package dev.recado.broker.session;

import dev.recado.broker.InboxAddress;
import dev.recado.core.message.MessageView;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Addresses for answers: {@code node/loop/token/correlation} of a session, {@code node/-1/hash/correlation} of a name,
 * whoever holds it then. Nothing is stored; what nobody waits for is dropped and counted. Any loop; names change with
 * sessions and not with messages.
 *
 * <p>Who knows an address may answer to it, so a session's token must not be told from another's, nor from one of the
 * start before: it is a hash of the session's number and of what was drawn at the start.
 */
final class Inboxes {

    /** Stands where the loop's number does: the token is the hash of a name. */
    private static final int NAMED = -1;

    private final String nodeId;
    private final List<Loop> loops;
    private final long secret;
    private final Map<Long, OpenLink> named = new ConcurrentHashMap<>();
    private final Map<Long, OpenLink> opened = new ConcurrentHashMap<>();

    /** {@code secret} is drawn anew at every start. */
    Inboxes(String nodeId, List<Loop> loops, long secret) {
        this.nodeId = nodeId;
        this.loops = loops;
        this.secret = secret;
    }

    /** Makes the inbox of a session. */
    Inbox open(OpenLink link) {
        long token = hash(ByteBuffer.allocate(2 * Long.BYTES)
                .putLong(secret)
                .putLong(link.number())
                .array());
        opened.put(token, link);
        return new Inbox(token, prefix(link.loop().index(), token));
    }

    /** Its session is over. */
    void close(Inbox inbox) {
        opened.remove(inbox.token());
    }

    /** What the addresses of a name begin with, on this node and after its restart too. */
    String prefix(String name) {
        return prefix(NAMED, hashOf(name));
    }

    private String prefix(int loop, long token) {
        return nodeId + '/' + loop + '/' + token + '/';
    }

    /** Another name of a given one's hash is not to be found by trying. */
    private static long hashOf(String name) {
        return hash(name.getBytes(StandardCharsets.UTF_8));
    }

    /** The first 63 bits of the SHA-256. */
    private static long hash(byte[] bytes) {
        try {
            byte[] sum = MessageDigest.getInstance("SHA-256").digest(bytes);
            return ByteBuffer.wrap(sum).getLong() >>> 1;
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("every Java runtime has SHA-256", impossible);
        }
    }

    /** {@code link} gets what is sent to {@code name}; who held it before has been ended. */
    void name(String name, OpenLink link) {
        named.put(hashOf(name), link);
    }

    void forget(String name, OpenLink link) {
        named.remove(hashOf(name), link);
    }

    /** Sends the encoded message to {@code address}; {@code from} counts it where the address is not one of ours. */
    void send(String address, byte[] message, Loop from) {
        InboxAddress parsed = InboxAddress.parse(address);
        Loop home = parsed == null ? null : home(parsed);
        if (parsed == null || home == null) {
            from.counters().repliesDropped++;
            return;
        }
        home.dispatch(() -> deliver(home, parsed, message));
    }

    /** Whether a session has the address now, of which it may let go at once. */
    boolean isAwaited(String address) {
        InboxAddress parsed = InboxAddress.parse(address);
        return parsed != null && home(parsed) != null && holder(parsed) != null;
    }

    private @Nullable OpenLink holder(InboxAddress address) {
        return (address.loop() == NAMED ? named : opened).get(address.token());
    }

    private @Nullable Loop home(InboxAddress address) {
        if (!address.nodeId().equals(nodeId)) {
            return null;
        }
        int index = address.loop();
        if (index == NAMED) {
            OpenLink holder = holder(address);
            return holder == null ? null : holder.loop();
        }
        return index >= 0 && index < loops.size() ? loops.get(index) : null;
    }

    private void deliver(Loop loop, InboxAddress address, byte[] message) {
        OpenLink link = holder(address);
        if (link == null || link.loop() != loop) {
            // Gone, or its name moved on to a session of another loop meanwhile.
            loop.counters().repliesDropped++;
            return;
        }
        MessageView view = new MessageView();
        view.read(message, 0);
        link.onReply(address.correlation(), view);
    }
}
