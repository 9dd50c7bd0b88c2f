package dev.recado.node;

import dev.recado.base.BrokerException;
import dev.recado.base.ErrorCode;
import dev.recado.base.Refusal;
import dev.recado.broker.Broker;
import dev.recado.broker.DeliveryPort;
import dev.recado.broker.InterestPort;
import dev.recado.broker.Link;
import dev.recado.broker.Patience;
import dev.recado.broker.PublishPort;
import dev.recado.broker.PullPort;
import dev.recado.broker.ReplyPort;
import dev.recado.broker.SessionInfo;
import dev.recado.broker.SessionPort;
import dev.recado.broker.SubscribeSpec;
import dev.recado.broker.SubscriptionLink;
import dev.recado.broker.TapBatch;
import dev.recado.core.message.DeliveryBatch;
import dev.recado.core.message.Draft;
import dev.recado.core.message.MessageLayout;
import dev.recado.core.message.MessageView;
import dev.recado.core.message.StoredRun;
import dev.recado.core.topic.GroupDef;
import dev.recado.core.topic.Topic;
import dev.recado.core.topic.TopicName;
import dev.recado.security.Identity;
import io.vertx.core.Future;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A session of a {@link NodeWorld}: does what it is told, and has {@link WorldTruth} judge whatever it hears.
 * Everything here runs as a task of its loop.
 */
final class WorldSession implements SessionPort, PublishPort, DeliveryPort, PullPort, ReplyPort, InterestPort {

    private final WorldTruth truth;
    private final SimSchedule schedule;
    private final Random random;
    private final List<Held> held = new ArrayList<>();
    private final List<SubscriptionLink> subscriptions = new ArrayList<>();
    private final Set<String> seen = new HashSet<>();
    private final Map<Long, Published> outstanding = new HashMap<>();
    private @Nullable Link link;
    private int loop;
    private boolean waits;
    private long nextTicket;
    private int commandsOpen;
    private boolean acknowledgesAll;
    private boolean ended;

    /** A message in hand; {@code group} is a number of the catalog's. */
    private record Held(SubscriptionLink subscription, Topic topic, int group, int partition, long offset) {}

    private record Published(Topic topic, String message) {}

    WorldSession(WorldTruth truth, SimSchedule schedule, Random random) {
        this.truth = truth;
        this.schedule = schedule;
        this.random = random;
    }

    void open(Broker broker, Patience patience, int itsLoop) {
        loop = itsLoop;
        waits = patience == Patience.WAIT;
        link = broker.open(this, patience, SessionInfo.INTERNAL, Identity.BROKER);
    }

    /** The number of its loop. */
    int loop() {
        return loop;
    }

    Link link() {
        return Objects.requireNonNull(link);
    }

    boolean ended() {
        return ended;
    }

    /** Whether everything that it asked is answered, or it waits for room in a topic, which may never come. */
    boolean isAnswered() {
        return commandsOpen == 0 && (waits || outstanding.isEmpty());
    }

    /** Whether a group has brought it. */
    boolean saw(Topic topic, int partition, long offset) {
        return seen.contains(topic.uuid() + "/" + partition + "@" + offset);
    }

    int heldCount() {
        return held.size();
    }

    /** From now on everything is acknowledged as it comes. */
    void acknowledgeAll() {
        acknowledgesAll = true;
        while (!held.isEmpty()) {
            settle(held.size() - 1, 0);
        }
    }

    void publish(Topic topic, String message, int padding, @Nullable String key) {
        byte[] payload = (message + "|" + "x".repeat(padding)).getBytes(StandardCharsets.UTF_8);
        Draft draft = new Draft().payload(payload, 0, payload.length);
        if (key != null) {
            byte[] bytes = key.getBytes(StandardCharsets.UTF_8);
            draft.key(bytes, 0, bytes.length);
        }
        long ticket = nextTicket++;
        outstanding.put(ticket, new Published(topic, message));
        Refusal refusal = link().publish(topic, draft, ticket);
        if (refusal != null) {
            outstanding.remove(ticket);
        }
    }

    /** Begins a command; a refusal is an answer, any other failure is not. */
    <T> Future<T> call(Supplier<Future<T>> command) {
        commandsOpen++;
        return command.get().onComplete(answer -> {
            commandsOpen--;
            Throwable failure = answer.cause();
            truth.must(failure == null || failure instanceof BrokerException, "failed with " + failure);
        });
    }

    void subscribe(SubscribeSpec spec) {
        call(() -> link().subscribe(spec)).onSuccess(subscription -> {
            if (!ended) {
                subscriptions.add(subscription);
            }
        });
    }

    void closeOne() {
        if (!subscriptions.isEmpty()) {
            SubscriptionLink subscription = subscriptions.remove(random.nextInt(subscriptions.size()));
            forget(subscription);
            call(subscription::close);
        }
    }

    private void forget(SubscriptionLink subscription) {
        truth.onGone(subscription);
        held.removeIf(one -> one.subscription() == subscription);
    }

    void close(boolean quits) {
        if (!ended) {
            ended = true;
            if (quits) {
                link().quit();
            }
            link().close();
            leave();
        }
    }

    private void leave() {
        subscriptions.forEach(truth::onGone);
        held.forEach(one -> truth.onGone(one.subscription()));
        subscriptions.clear();
        held.clear();
        outstanding.clear();
        commandsOpen = 0;
    }

    /** Settles some message in hand: acknowledges it, gives it back or rejects it. */
    void settleOne() {
        if (!held.isEmpty()) {
            settle(random.nextInt(held.size()), random.nextInt(10));
        }
    }

    private void settle(int index, int how) {
        Held one = held.remove(index);
        SubscriptionLink subscription = one.subscription();
        long nowMs = schedule.monotonicMs();
        boolean durably = how == 9 || how == 6 || how == 5;
        if (durably) {
            truth.onFinishing(one.topic(), one.group(), one.partition(), one.offset(), subscription, nowMs);
        }
        truth.onLeft(one.topic(), one.group(), one.partition(), one.offset(), subscription);
        switch (durably ? 9 : how) {
            case 7 -> subscription.nack(one.partition(), one.offset(), random.nextInt(500) - 1L);
            case 8 -> subscription.reject(one.partition(), one.offset(), "no");
            case 9 -> subscription.ackDurably(one.partition(), one.offset());
            default -> subscription.ack(one.partition(), one.offset(), one.offset());
        }
    }

    @Override
    public void onConfirmed(long firstTicket, int count, int partitionIndex, long firstOffset) {
        for (int i = 0; i < count; i++) {
            Published published = answered(firstTicket + i);
            if (published != null) {
                truth.onConfirmed(published.topic(), partitionIndex, firstOffset + i, published.message());
            }
        }
    }

    /** What was published under {@code ticket}, which is answered once; null: the session is over. */
    private @Nullable Published answered(long ticket) {
        Published published = outstanding.remove(ticket);
        truth.must(published != null || ended, "answered twice, ticket=" + ticket);
        return published;
    }

    @Override
    public void onRouted(long ticket, int topics) {
        truth.must(false, "nothing was published through an exchange");
    }

    @Override
    public void onRefused(long firstTicket, int count, Refusal refusal) {
        for (int i = 0; i < count; i++) {
            answered(firstTicket + i);
        }
    }

    @Override
    public void onDeliveries(SubscriptionLink subscription, DeliveryBatch batch) {
        truth.must(!ended, "delivered to a session that is over");
        Topic topic = link().catalog().topic(TopicName.of(subscription.topic()));
        GroupDef group = topic == null ? null : topic.group(subscription.group());
        MessageView view = new MessageView();
        for (int i = 0; i < batch.size(); i++) {
            view.read(batch.run(i).bytes(), batch.position(i));
            if (topic != null && group != null) {
                onDelivery(subscription, topic, group, batch.partitionIndex(), batch.offset(i), messageOf(view));
            } else if (acknowledgesAll) {
                subscription.ack(batch.partitionIndex(), batch.offset(i), batch.offset(i));
            }
        }
        subscription.written(batch.partitionIndex(), batch.bytes());
        if (acknowledgesAll) {
            acknowledgeAll();
        }
    }

    private void onDelivery(
            SubscriptionLink subscription, Topic topic, GroupDef group, int partition, long offset, String message) {
        long leaseMs = group.settings().leaseMs();
        long nowMs = schedule.monotonicMs();
        truth.onSeen(topic, partition, offset, message);
        seen.add(topic.uuid() + "/" + partition + "@" + offset);
        truth.onLeased(
                topic,
                group.id(),
                partition,
                offset,
                subscription,
                nowMs,
                leaseMs == 0 ? Long.MAX_VALUE : nowMs + leaseMs);
        held.add(new Held(subscription, topic, group.id(), partition, offset));
    }

    /** Payloads begin with what tells them apart. */
    static String messageOf(MessageView view) {
        String text = view.payloadText();
        return text.substring(0, text.indexOf('|'));
    }

    @Override
    public void onTapped(SubscriptionLink subscription, TapBatch batch) {
        Topic topic = link().catalog().topic(TopicName.of(subscription.topic()));
        MessageView view = new MessageView();
        for (StoredRun run : batch.runs()) {
            int at = run.messagesStart();
            for (int i = 0; i < run.count(); i++) {
                view.read(run.bytes(), at);
                if (topic != null && topic.partition(batch.partitionIndex()).id() == run.partition()) {
                    truth.onSeen(topic, batch.partitionIndex(), run.baseOffset() + i, messageOf(view));
                }
                at += MessageLayout.length(run.bytes(), at);
            }
        }
        subscription.written(batch.partitionIndex(), batch.bytes());
    }

    @Override
    public void onPulled(long ticket, @Nullable DeliveryBatch batch) {
        truth.must(false, "nothing was pulled");
    }

    @Override
    public void onAvailable(SubscriptionLink subscription, long count) {
        truth.must(false, "nobody pulls");
    }

    @Override
    public void onAcked(SubscriptionLink subscription, int partitionIndex, long offset) {
        Topic topic = link().catalog().topic(TopicName.of(subscription.topic()));
        GroupDef group = topic == null ? null : topic.group(subscription.group());
        if (topic != null && group != null && !ended) {
            truth.onFinished(topic, group.id(), partitionIndex, offset, schedule.monotonicMs());
        }
    }

    @Override
    public void onEnded(SubscriptionLink subscription, String reason) {
        subscriptions.remove(subscription);
        forget(subscription);
    }

    @Override
    public void onReply(long correlation, MessageView reply) {
        truth.must(false, "nothing was requested");
    }

    @Override
    public void onClosedByBroker(Refusal refusal) {
        truth.must(refusal.code() == ErrorCode.STOPPING, "closed because of " + refusal);
        ended = true;
        leave();
    }

    @Override
    public void onTurnEnd() {
        // nothing is written
    }

    @Override
    public void onBackPressure(boolean pauseReading) {
        // it goes on: bounds hold without its help
    }

    @Override
    public void onInterest(String topic, byte[] prefix, boolean wanted) {}
}
