package dev.recado.transport.amqp;

/** How many messages the consumers of a channel may hold unsettled between them. One channel's, one owner. */
final class PrefetchWindow {

    private int messagesMax;
    private long held;

    /** 0: any number. */
    void messagesMax(int max) {
        messagesMax = max;
    }

    int messagesMax() {
        return messagesMax;
    }

    void onDelivered() {
        held++;
    }

    void onSettled(long count) {
        held -= count;
    }

    boolean isFull() {
        return messagesMax > 0 && held >= messagesMax;
    }
}
