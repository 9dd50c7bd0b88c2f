package dev.recado.node;

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
import dev.recado.core.group.GroupSettings;
import dev.recado.core.message.DeliveryBatch;
import dev.recado.core.message.Draft;
import dev.recado.core.message.MessageView;
import dev.recado.core.topic.CatalogChange;
import dev.recado.core.topic.GroupKind;
import dev.recado.core.topic.StartPosition;
import dev.recado.core.topic.Topic;
import dev.recado.core.topic.TopicName;
import dev.recado.core.topic.TopicSettings;
import dev.recado.security.Identity;
import io.vertx.core.Context;
import io.vertx.core.Future;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** A session without a wire: notes what the broker tells it, and acknowledges when told to. */
public final class TestSession implements SessionPort, PublishPort, DeliveryPort, PullPort, ReplyPort, InterestPort {

    public record Received(long offset, int attempt, String text) {}

    public final BlockingQueue<Received> received = new LinkedBlockingQueue<>();
    public final BlockingQueue<String> answers = new LinkedBlockingQueue<>();
    public final BlockingQueue<String> interest = new LinkedBlockingQueue<>();
    public final BlockingQueue<Long> notices = new LinkedBlockingQueue<>();
    public final List<String> shortages = new CopyOnWriteArrayList<>();
    public final List<Refusal> refusals = new CopyOnWriteArrayList<>();
    public final AtomicLong confirmed = new AtomicLong();
    /** When each of {@link #received} was published. */
    public final List<Long> publishTimesMs = new CopyOnWriteArrayList<>();

    private final Home home;
    private @Nullable Link link;
    private long ticket;
    private volatile boolean acknowledge = true;
    private volatile boolean takesTaps = true;
    private volatile boolean takesDeliveries = true;
    private volatile boolean paused;
    private volatile @Nullable Error failing;

    /** The loop that a session is on, as a test sees it that waits for what happens there. */
    interface Home {
        <T> T onLoop(Supplier<T> task) throws Exception;

        <T> T await(Future<T> answer) throws Exception;

        /** The next of what it is told; null where nothing comes. */
        <T> @Nullable T next(BlockingQueue<T> told) throws InterruptedException;
    }

    /** A real loop. */
    private record ThreadHome(Context context) implements Home {
        @Override
        public <T> T onLoop(Supplier<T> task) throws Exception {
            return TestNode.onLoop(context, task);
        }

        @Override
        public <T> T await(Future<T> answer) throws Exception {
            return TestNode.await(answer);
        }

        @Override
        public <T> @Nullable T next(BlockingQueue<T> told) throws InterruptedException {
            return told.poll(10, TimeUnit.SECONDS);
        }
    }

    public TestSession(Context context) {
        this(new ThreadHome(context));
    }

    TestSession(Home home) {
        this.home = home;
    }

    public void open(Broker broker) {
        open(broker, Patience.REFUSE);
    }

    public void open(Broker broker, Patience patience) {
        link = broker.open(this, patience, SessionInfo.INTERNAL, Identity.BROKER);
    }

    public Link link() {
        return java.util.Objects.requireNonNull(link);
    }

    public void acknowledge(boolean on) {
        acknowledge = on;
    }

    /** What its code ends with when something is delivered; never null. */
    public void failWith(Error failure) {
        failing = failure;
    }

    /** Whether its socket takes what taps bring. */
    public void takesTaps(boolean on) {
        takesTaps = on;
    }

    /** Whether its socket takes what groups and patterns bring. */
    public void takesDeliveries(boolean on) {
        takesDeliveries = on;
    }

    /** Whether the broker wants nothing more read of this session. */
    public boolean paused() {
        return paused;
    }

    public <T> T call(Supplier<Future<T>> command) throws Exception {
        return home.await(home.onLoop(command));
    }

    public void run(Runnable task) throws Exception {
        home.onLoop(() -> {
            task.run();
            return null;
        });
    }

    public Topic create(String name, TopicSettings settings) throws Exception {
        call(() -> link().change(new CatalogChange.CreateTopic(name(name), UUID.randomUUID(), settings, false)));
        return topic(name);
    }

    private TopicName name(String name) {
        return new TopicName(link().namespace(), name);
    }

    public Topic topic(String name) {
        return java.util.Objects.requireNonNull(link().catalog().topic(name(name)));
    }

    public SubscriptionLink subscribe(String topic, String group, int credit, StartPosition from) throws Exception {
        return call(
                () -> link().subscribe(new SubscribeSpec(SubscribeSpec.Kind.GROUP, topic, group, null, credit, from)));
    }

    /** Makes the group {@code name} on a topic, from its first message on. */
    public void createGroup(Topic topic, String name, GroupSettings settings) throws Exception {
        CatalogChange change = new CatalogChange.CreateGroup(
                topic.uuid(), name, GroupKind.NAMED, settings, StartPosition.first(), 0, false);
        call(() -> link().change(change));
    }

    public void publish(Topic topic, int count, String prefix) throws Exception {
        run(() -> {
            Draft draft = new Draft();
            for (int i = 0; i < count; i++) {
                byte[] payload = (prefix + i).getBytes(StandardCharsets.UTF_8);
                Refusal refusal = link().publish(topic, draft.clear().payload(payload, 0, payload.length), ticket++);
                if (refusal != null) {
                    refusals.add(refusal);
                }
            }
        });
    }

    /** Publishes a message for each priority, with that in its text: {@code prefix + index + "p" + priority}. */
    public void publishRanked(Topic topic, String prefix, int... priorities) throws Exception {
        run(() -> {
            Draft draft = new Draft();
            for (int i = 0; i < priorities.length; i++) {
                byte[] payload = (prefix + i + "p" + priorities[i]).getBytes(StandardCharsets.UTF_8);
                draft.clear().payload(payload, 0, payload.length).priority = priorities[i];
                Refusal refusal = link().publish(topic, draft, ticket++);
                if (refusal != null) {
                    refusals.add(refusal);
                }
            }
        });
    }

    public Received next() throws InterruptedException {
        return java.util.Objects.requireNonNull(home.next(received), "nothing was delivered");
    }

    public String nextAnswer() throws InterruptedException {
        return java.util.Objects.requireNonNull(home.next(answers), "no answer came");
    }

    @Override
    public void onConfirmed(long firstTicket, int count, int partitionIndex, long firstOffset) {
        confirmed.addAndGet(count);
    }

    @Override
    public void onRouted(long routedTicket, int topics) {
        answers.add("routed " + topics);
    }

    @Override
    public void onShortage(@Nullable Refusal shortage) {
        shortages.add(shortage == null ? "over" : shortage.code().name());
    }

    @Override
    public void onRefused(long firstTicket, int count, Refusal refusal) {
        refusals.addAll(Collections.nCopies(count, refusal));
    }

    @Override
    public void onDeliveries(SubscriptionLink subscription, DeliveryBatch batch) {
        Error failure = failing;
        if (failure != null) {
            throw failure;
        }
        MessageView view = new MessageView();
        for (int i = 0; i < batch.size(); i++) {
            view.read(batch.run(i).bytes(), batch.position(i));
            publishTimesMs.add(batch.run(i).publishTimeMs());
            received.add(new Received(batch.offset(i), batch.attempt(i), view.payloadText()));
            if (acknowledge) {
                subscription.ack(batch.partitionIndex(), batch.offset(i), batch.offset(i));
            }
        }
        if (takesDeliveries) {
            subscription.written(batch.partitionIndex(), batch.bytes());
        }
    }

    @Override
    public void onTapped(SubscriptionLink subscription, TapBatch batch) {
        MessageView view = new MessageView();
        batch.runs().forEach(run -> {
            int at = run.messagesStart();
            for (int i = 0; i < run.count(); i++) {
                view.read(run.bytes(), at);
                publishTimesMs.add(run.publishTimeMs());
                received.add(new Received(run.baseOffset() + i, 1, view.payloadText()));
                at += dev.recado.core.message.MessageLayout.length(run.bytes(), at);
            }
        });
        if (takesTaps) {
            subscription.written(batch.partitionIndex(), batch.bytes());
        }
    }

    @Override
    public void onPulled(long pulledTicket, @Nullable DeliveryBatch batch) {
        MessageView view = new MessageView();
        if (batch != null) {
            view.read(batch.run(0).bytes(), batch.position(0));
        }
        answers.add(batch == null ? "none" : view.payloadText());
    }

    @Override
    public void onAvailable(SubscriptionLink subscription, long count) {
        notices.add(count);
    }

    @Override
    public void onAcked(SubscriptionLink subscription, int partitionIndex, long offset) {
        answers.add("acked " + offset);
    }

    @Override
    public void onEnded(SubscriptionLink subscription, String reason) {
        answers.add("ended " + reason);
    }

    @Override
    public void onReply(long correlation, MessageView reply) {
        answers.add("reply " + correlation + " " + reply.payloadText());
    }

    @Override
    public void onInterest(String topic, byte[] prefix, boolean wanted) {
        interest.add((wanted ? "+" : "-") + topic + "/" + new String(prefix, StandardCharsets.UTF_8));
    }

    @Override
    public void onClosedByBroker(Refusal refusal) {
        answers.add("closed " + refusal.code());
    }

    @Override
    public void onTurnEnd() {
        // nothing is written
    }

    @Override
    public void onBackPressure(boolean pauseReading) {
        paused = pauseReading;
    }
}
