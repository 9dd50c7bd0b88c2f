package dev.recado.broker;

import dev.recado.core.message.MessageView;

/**
 * Addresses for answers: {@code node.loop.session.correlation}. Nothing is stored; what nobody waits for is dropped.
 */
final class Inboxes {

    private final Node node;

    Inboxes(Node node) {
        this.node = node;
    }

    static String address(String nodeId, Loop loop, long token, long correlation) {
        return nodeId + '/' + loop.index() + '/' + token + '/' + correlation;
    }

    /** Sends the encoded message to {@code address}; {@code from} counts it where the address is not one of ours. */
    void send(String address, byte[] message, Loop from) {
        String[] parts = address.split("/", -1);
        try {
            if (parts.length == 4 && parts[0].equals(node.nodeId())) {
                int index = Integer.parseInt(parts[1]);
                long token = Long.parseLong(parts[2]);
                long correlation = Long.parseLong(parts[3]);
                if (index >= 0 && index < node.loops().size()) {
                    deliver(node.loops().get(index), token, correlation, message);
                    return;
                }
            }
        } catch (NumberFormatException notOurs) {
            from.counters().repliesDropped++;
            return;
        }
        from.counters().repliesDropped++;
    }

    private static void deliver(Loop loop, long token, long correlation, byte[] message) {
        loop.dispatch(() -> {
            LoopLink link = loop.links().get(token);
            if (link == null) {
                loop.counters().repliesDropped++;
                return;
            }
            MessageView view = new MessageView();
            view.read(message, 0);
            link.onReply(correlation, view);
        });
    }
}
