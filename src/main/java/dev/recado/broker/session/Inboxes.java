package dev.recado.broker.session;

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
 */
final class Inboxes {

    /** Stands where the loop's number does: the token is the hash of a name. */
    private static final int NAMED = -1;

    private final String nodeId;
    private final List<Loop> loops;
    private final Map<Long, OpenLink> named = new ConcurrentHashMap<>();

    Inboxes(String nodeId, List<Loop> loops) {
        this.nodeId = nodeId;
        this.loops = loops;
    }

    /** What the addresses of one session begin with. */
    String prefix(Loop loop, long token) {
        return prefix(loop.index(), token);
    }

    /** What the addresses of a name begin with, on this node and after its restart too. */
    String prefix(String name) {
        return prefix(NAMED, hash(name));
    }

    private String prefix(int loop, long token) {
        return nodeId + '/' + loop + '/' + token + '/';
    }

    /** The first 63 bits of the name's SHA-256: another name of a given one's hash is not to be found by trying. */
    private static long hash(String name) {
        try {
            byte[] sum = MessageDigest.getInstance("SHA-256").digest(name.getBytes(StandardCharsets.UTF_8));
            return ByteBuffer.wrap(sum).getLong() >>> 1;
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("every Java runtime has SHA-256", impossible);
        }
    }

    /** {@code link} gets what is sent to {@code name}; who held it before has been ended. */
    void name(String name, OpenLink link) {
        named.put(hash(name), link);
    }

    void forget(String name, OpenLink link) {
        named.remove(hash(name), link);
    }

    /** Sends the encoded message to {@code address}; {@code from} counts it where the address is not one of ours. */
    void send(String address, byte[] message, Loop from) {
        String[] parts = address.split("/", -1);
        try {
            if (parts.length == 4 && parts[0].equals(nodeId)) {
                int index = Integer.parseInt(parts[1]);
                long token = Long.parseLong(parts[2]);
                long correlation = Long.parseLong(parts[3]);
                Loop home = home(index, token);
                if (home != null) {
                    home.dispatch(() -> deliver(home, index, token, correlation, message));
                    return;
                }
            }
        } catch (NumberFormatException notOurs) {
            from.counters().repliesDropped++;
            return;
        }
        from.counters().repliesDropped++;
    }

    private @Nullable Loop home(int index, long token) {
        if (index == NAMED) {
            OpenLink holder = named.get(token);
            return holder == null ? null : holder.loop();
        }
        return index >= 0 && index < loops.size() ? loops.get(index) : null;
    }

    private void deliver(Loop loop, int index, long token, long correlation, byte[] message) {
        OpenLink link = index == NAMED ? named.get(token) : loop.links().get(token);
        if (link == null || link.loop() != loop) {
            // Gone, or its name moved on to a session of another loop meanwhile.
            loop.counters().repliesDropped++;
            return;
        }
        MessageView view = new MessageView();
        view.read(message, 0);
        link.onReply(correlation, view);
    }
}
