package dev.recado.client;

import dev.recado.base.ErrorCode;
import dev.recado.client.RecadoException.Kind;
import dev.recado.transport.text.wire.ReplyDecoder;
import dev.recado.transport.text.wire.ReplyDecoder.Outcome;
import dev.recado.transport.text.wire.ReplyKind;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Gives each reply to what it answers and each push to its subscription. {@link #read} runs under the session's lock
 * and only notes results; {@link #finish} tells them without the lock. Both run on the reader thread.
 */
final class ReplyHandler {

    private final CommandStream commands;
    private final Subscriptions subscriptions;
    private final boolean retryRefused;
    private final ClientListener listener;
    private final List<InFlight> answeredPublishes = new ArrayList<>();
    private final List<Call<?>> answeredCalls = new ArrayList<>();
    private final List<InFlight> refused = new ArrayList<>();
    private final Set<Subscription> touched = new LinkedHashSet<>();
    private final Map<Subscription, String> ended = new HashMap<>();
    /** What the broker said of a shortage, in its order. */
    private final List<Runnable> news = new ArrayList<>();

    private boolean unblocked;
    private String lastError = "";
    private String passingRefusal = "";
    private int epoch;

    ReplyHandler(CommandStream commands, Subscriptions subscriptions, boolean retryRefused, ClientListener listener) {
        this.commands = commands;
        this.subscriptions = subscriptions;
        this.retryRefused = retryRefused;
        this.listener = listener;
    }

    /** A connection is gone, or one is there: what the last one refused is no longer said. */
    void begin(int newEpoch) {
        epoch = newEpoch;
        passingRefusal = "";
    }

    void onConnected() {
        lastError = "";
    }

    /** An ERROR that answers nothing: why the broker ends the session; empty where there was none. */
    String lastError() {
        return lastError;
    }

    /** Reads every complete frame; answers where the first incomplete one begins. */
    int read(ReplyDecoder decoder, byte[] bytes, int from, int to) {
        int start = from;
        while (start < to) {
            Call<?> call = commands.answeredNext();
            decoder.expectContent(call != null && call.inList());
            Outcome outcome = decoder.decode(bytes, start, to);
            if (outcome == Outcome.NEED_MORE) {
                break;
            }
            if (outcome == Outcome.MALFORMED) {
                throw CommandStream.fault(decoder.malformed());
            }
            start = decoder.end();
            onFrame(decoder, call);
        }
        return start;
    }

    private void onFrame(ReplyDecoder reply, @Nullable Call<?> call) {
        switch (reply.kind()) {
            case MSG -> onMessage(reply);
            case NOTIFY -> {}
            case END -> onEnd(reply);
            case BLOCKED -> {
                String reason = reply.text();
                news.add(() -> listener.onBlocked(reason));
            }
            case UNBLOCKED -> {
                unblocked = true;
                news.add(listener::onUnblocked);
            }
            case STORED -> onStored(reply);
            case ROUTED -> {
                if (call == null) {
                    onRouted(reply);
                } else {
                    onAnswer(reply, call);
                }
            }
            default -> onOther(reply, call);
        }
    }

    private void onMessage(ReplyDecoder reply) {
        Subscription subscription = subscriptions.find(reply.number());
        if (subscription == null) {
            return;
        }
        Delivery.Lease lease = new Delivery.Lease(
                subscription, epoch, reply.partition(), reply.firstOffset(), reply.attempt(), reply.publishTimeMs());
        String key = reply.hasKey() ? reply.key() : "";
        byte[] headers = reply.hasHeaders() ? reply.headers() : Delivery.NOTHING;
        if (subscription.arrived.isEmpty()) {
            touched.add(subscription);
        }
        subscription.arrived.add(new Delivery(lease, key, headers, reply.payload()));
    }

    private void onEnd(ReplyDecoder reply) {
        Subscription subscription = subscriptions.find(reply.number());
        String reason = Answers.decoded(reply.text());
        boolean comesBack = reason.toLowerCase(Locale.ROOT).startsWith("stopping");
        if (subscription != null && !comesBack) {
            subscriptions.remove(subscription);
            ended.put(subscription, reason);
        }
    }

    /** Why a publish of this connection was put off since the last one was confirmed; empty where none was. */
    String passingRefusal() {
        return passingRefusal;
    }

    private void onStored(ReplyDecoder reply) {
        passingRefusal = "";
        long count = reply.lastOffset() - reply.firstOffset() + 1;
        if (count > commands.answerable()) {
            throw CommandStream.fault("more publishes are confirmed than were sent count=" + count);
        }
        for (long offset = reply.firstOffset(); offset <= reply.lastOffset(); offset++) {
            InFlight publish = commands.window().removeFirst();
            publish.stored(reply.partition(), offset);
            answeredPublishes.add(publish);
        }
    }

    private void onRouted(ReplyDecoder reply) {
        if (commands.answerable() < 1) {
            throw CommandStream.fault("a publish is confirmed that was not sent");
        }
        passingRefusal = "";
        InFlight publish = commands.window().removeFirst();
        publish.routed((int) Math.min(Integer.MAX_VALUE, reply.number()));
        answeredPublishes.add(publish);
    }

    private void onOther(ReplyDecoder reply, @Nullable Call<?> call) {
        boolean isError = reply.kind() == ReplyKind.ERROR;
        if (isError && reply.number() >= 0 && call == null) {
            onRefusedPublish(reply);
        } else if (call != null) {
            onAnswer(reply, call);
        } else if (isError) {
            lastError = reply.text();
        } else {
            throw CommandStream.fault("a reply that answers nothing kind=" + reply.kind());
        }
    }

    private void onAnswer(ReplyDecoder reply, Call<?> call) {
        Call.Verdict verdict = call.onReply(reply);
        if (verdict == Call.Verdict.WRONG) {
            throw CommandStream.fault("the reply does not fit its command kind=" + reply.kind());
        }
        if (verdict == Call.Verdict.DONE) {
            commands.calls().remove(call);
            answeredCalls.add(call);
            RecadoException failure = call.failure();
            if (call.essential && failure != null) {
                throw failure;
            }
        }
    }

    private void onRefusedPublish(ReplyDecoder reply) {
        String text = reply.text();
        if (commands.answerable() < 1 || reply.number() != commands.window().first()) {
            throw CommandStream.fault("an error for another publish seq=" + reply.number());
        }
        RecadoException why = RecadoException.answered(Kind.REFUSED, text, null);
        if (isForAnotherConnection(why.code())) {
            throw RecadoException.answered(Kind.CONNECTION_LOST, text, null);
        }
        InFlight publish = commands.window().removeFirst();
        if (retryRefused && isPassing(why.code())) {
            refused.add(publish);
            passingRefusal = text;
        } else {
            publish.refused(why);
            answeredPublishes.add(publish);
        }
    }

    /** Nothing is wrong with the publish: it is sent again under its number, to whoever answers next. */
    private static boolean isForAnotherConnection(@Nullable ErrorCode code) {
        return code == ErrorCode.UNKNOWN_OUTCOME || code == ErrorCode.STOPPING || code == ErrorCode.STORAGE_FAILED;
    }

    /** Refusals that end by themselves when somebody consumes or makes room. */
    private static boolean isPassing(@Nullable ErrorCode code) {
        return code == ErrorCode.TOPIC_FULL || code == ErrorCode.DISK_LOW || code == ErrorCode.MEMORY_LOW;
    }

    /** Publishes to be sent again later, in their order. */
    List<InFlight> takeRefused() {
        if (refused.isEmpty()) {
            return List.of();
        }
        List<InFlight> taken = List.copyOf(refused);
        refused.clear();
        return taken;
    }

    /** Whether a shortage has ended since this was asked. */
    boolean takeUnblocked() {
        boolean ended = unblocked;
        unblocked = false;
        return ended;
    }

    /** Whether the last {@link #read} got any work done, as opposed to greetings. */
    boolean hasProgress() {
        return !answeredPublishes.isEmpty() || !touched.isEmpty();
    }

    boolean hasAnswers() {
        return !answeredPublishes.isEmpty() || !answeredCalls.isEmpty();
    }

    /** Tells everybody; user code may run here. */
    void finish() {
        answeredPublishes.forEach(InFlight::finish);
        answeredPublishes.clear();
        answeredCalls.forEach(Call::finish);
        answeredCalls.clear();
        news.forEach(Runnable::run);
        news.clear();
        for (Subscription subscription : touched) {
            subscription.handOver(subscription.arrived);
            subscription.arrived.clear();
        }
        touched.clear();
        ended.forEach(Subscription::end);
        ended.clear();
    }
}
