package dev.recado.client;

import dev.recado.client.RecadoException.Kind;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * The subscriptions of a client and the numbers that the broker gave them in this connection. Guarded by the session's
 * lock.
 *
 * <p>A subscription that the broker has accepted once and refuses after a reconnect (its old session may still hold the
 * place) is asked for again every second, {@link #ATTEMPTS_MAX} times.
 */
final class Subscriptions {

    private static final int ATTEMPTS_MAX = 30;
    private static final long RETRY_MS = 1_000;

    /** What a broker answers that knows no options of a subscription (0.1.0). */
    private static final String OPTION_REFUSED = "Invalid argument: SUB:";

    /** Whether the broker of this connection is one that takes options, as far as is known. */
    private boolean optionsTaken = true;

    private final List<Subscription> all = new ArrayList<>();
    private final Map<Long, Subscription> bySid = new HashMap<>();
    private final Map<Subscription, CompletableFuture<String>> awaited = new HashMap<>();

    CompletableFuture<String> add(Subscription subscription) {
        CompletableFuture<String> accepted = new CompletableFuture<>();
        all.add(subscription);
        awaited.put(subscription, accepted);
        return accepted;
    }

    List<Subscription> all() {
        return List.copyOf(all);
    }

    @Nullable
    Subscription find(long sid) {
        return bySid.get(sid);
    }

    /** Writes the command that asks for it, in this connection. */
    void request(Subscription subscription, CommandStream commands) {
        SubscribeOptions wanted = subscription.options();
        String credit = wanted.credit() == 0 ? "auto" : Integer.toString(wanted.credit());
        if (wanted.deliveriesMax() > 0) {
            long first = subscription.beginCredit();
            if (first == 0) {
                return;
            }
            credit = Long.toString(first);
        }
        commands.scratch().subscribe(wanted.topic(), wanted.group(), credit, subscription.from(), options(wanted));
        commands.send(new Call.Ok(commands.take(), text -> onAccepted(subscription, text)) {
            @Override
            void fail(RecadoException why) {
                super.fail(why);
                if (why.kind() == Kind.REFUSED
                        && optionsTaken
                        && !wanted.needsOptions()
                        && why.text().startsWith(OPTION_REFUSED)) {
                    optionsTaken = false;
                    request(subscription, commands);
                } else if (why.kind() == Kind.REFUSED) {
                    onRefused(subscription, why);
                }
            }
        });
    }

    private String options(SubscribeOptions wanted) {
        return optionsTaken || wanted.needsOptions() ? wanted.words() : "";
    }

    private void onAccepted(Subscription subscription, String text) {
        subscription.sid = Answers.afterLastColon(text);
        subscription.refusals = 0;
        if (!all.contains(subscription)) {
            return;
        }
        bySid.put(subscription.sid, subscription);
        CompletableFuture<String> accepted = awaited.remove(subscription);
        if (accepted != null) {
            accepted.complete(text);
        }
    }

    private void onRefused(Subscription subscription, RecadoException why) {
        CompletableFuture<String> accepted = awaited.remove(subscription);
        subscription.refusals++;
        if (accepted != null) {
            all.remove(subscription);
            accepted.completeExceptionally(why);
        } else if (subscription.refusals > ATTEMPTS_MAX) {
            all.remove(subscription);
            subscription.end(why.text());
        } else {
            subscription.retryAtMs = Answers.nowMs() + RETRY_MS;
        }
    }

    /** Those that were refused after a reconnect and whose time has come. */
    List<Subscription> dueForRetry(long nowMs) {
        List<Subscription> due = new ArrayList<>();
        for (Subscription subscription : all) {
            if (subscription.retryAtMs != 0 && nowMs >= subscription.retryAtMs) {
                subscription.retryAtMs = 0;
                due.add(subscription);
            }
        }
        return due;
    }

    void remove(Subscription subscription) {
        all.remove(subscription);
        bySid.remove(subscription.sid);
        subscription.sid = -1;
    }

    /** The connection is gone, and all leases with it; answers those that only held some. */
    List<Subscription> onLost() {
        List<Subscription> ceased =
                all.stream().filter(one -> one.ceasing != null).toList();
        all.removeAll(ceased);
        bySid.clear();
        optionsTaken = true;
        for (Subscription subscription : all) {
            subscription.sid = -1;
            subscription.retryAtMs = 0;
        }
        ceased.forEach(subscription -> subscription.sid = -1);
        return ceased;
    }

    /** The client closes: nobody is accepted any more; answers all that there were. */
    List<Subscription> close(RecadoException why) {
        List<Subscription> ending = List.copyOf(all);
        all.clear();
        bySid.clear();
        awaited.values().forEach(accepted -> accepted.completeExceptionally(why));
        awaited.clear();
        return ending;
    }
}
