package dev.recado.client;

import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Keeps what a listener throws from the threads that call it: who only listens ends no client and no subscription. */
final class GuardedListener implements ClientListener {

    private static final Logger LOG = LoggerFactory.getLogger(ClientListener.class);

    private final ClientListener listener;
    private final AtomicBoolean told = new AtomicBoolean();

    GuardedListener(ClientListener listener) {
        this.listener = listener;
    }

    @Override
    public void onConnected(BrokerAddress broker) {
        guarded(() -> listener.onConnected(broker));
    }

    @Override
    public void onLost(String why) {
        guarded(() -> listener.onLost(why));
    }

    @Override
    public void onBlocked(String reason) {
        guarded(() -> listener.onBlocked(reason));
    }

    @Override
    public void onUnblocked() {
        guarded(listener::onUnblocked);
    }

    @Override
    public void onFailure(Subscription subscription, Delivery delivery, Throwable failure) {
        guarded(() -> listener.onFailure(subscription, delivery, failure));
    }

    private void guarded(Runnable call) {
        try {
            call.run();
        } catch (Throwable e) {
            if (told.compareAndSet(false, true)) {
                LOG.atWarn()
                        .setMessage("listener failed; further failures of this listener are not logged")
                        .setCause(e)
                        .log();
            }
        }
    }
}
