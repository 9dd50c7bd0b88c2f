package dev.recado.apps;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.zeromq.ZEvent;
import org.zeromq.ZMQ;

/** Follows the state of one connection. ZeroMQ's own thread tells it, so it only notes and passes on. */
final class LinkWatch implements ZEvent.ZEventConsummer {

    /** What a watch wants to hear of. */
    static final int EVENTS = ZMQ.EVENT_HANDSHAKE_PROTOCOL | ZMQ.EVENT_DISCONNECTED;

    /** A peer of an older version is taken for one where something else answered than ZeroMQ. */
    private static final int ZMTP_VERSION_MIN = 3;

    private final String endpoint;
    private final Consumer<String> told;
    private final CountDownLatch firstUp = new CountDownLatch(1);
    /** Written by ZeroMQ's thread only. */
    private boolean broken;

    LinkWatch(String endpoint, Consumer<String> told) {
        this.endpoint = endpoint;
        this.told = told;
    }

    @Override
    public void consume(ZEvent event) {
        switch (event.getEvent()) {
            case HANDSHAKE_PROTOCOL -> onGreeting(event);
            case DISCONNECTED -> onBroken();
            default -> {}
        }
    }

    private void onGreeting(ZEvent event) {
        Object version = event.getValue();
        if (!(version instanceof Integer number) || number < ZMTP_VERSION_MIN) {
            return;
        }
        if (broken) {
            broken = false;
            told.accept("connected to " + endpoint + " again");
        }
        firstUp.countDown();
    }

    private void onBroken() {
        // Before the first greeting there was nothing that could break.
        if (!broken && firstUp.getCount() == 0) {
            broken = true;
            told.accept("the connection to " + endpoint + " broke; trying again");
        }
    }

    /** Waits up to {@code waitMs} milliseconds for the first greeting; answers whether it came. */
    boolean awaitUp(long waitMs) {
        try {
            return firstUp.await(waitMs, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }
}
