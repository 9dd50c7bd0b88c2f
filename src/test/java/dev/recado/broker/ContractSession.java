package dev.recado.broker;

import dev.recado.base.BrokerException;
import dev.recado.base.ErrorCode;
import dev.recado.base.Refusal;
import dev.recado.core.message.Browsed;
import dev.recado.core.message.DeliveryBatch;
import dev.recado.core.message.Draft;
import dev.recado.core.message.Headers;
import dev.recado.core.message.MessageLayout;
import dev.recado.core.message.MessageView;
import dev.recado.core.message.StoredRun;
import dev.recado.core.topic.StartPosition;
import dev.recado.core.topic.Topic;
import dev.recado.security.Identity;
import dev.recado.security.Rights;
import io.vertx.core.Future;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** A session of a {@link BrokerContract}: writes down what it is told, in that order. */
public final class ContractSession
        implements SessionPort, PublishPort, DeliveryPort, PullPort, ReplyPort, InterestPort {

    /** A message in hand. */
    public record Held(int partition, long offset, int attempt, String text, long bytes) {}

    /** What it was given to settle. */
    final List<Held> held = new ArrayList<>();
    /** Headers of what it was given last to settle. */
    Map<String, String> headers = Map.of();

    private final ContractStage stage;
    private final int loop;
    private final List<String> told = new ArrayList<>();
    private final Link link;
    private @Nullable SubscriptionLink subscription;
    private long nextTicket;
    private boolean takes = true;
    private boolean countsTopics = true;

    ContractSession(ContractStage stage, int loop, Patience patience) {
        this(stage, loop, patience, new Identity("tester", Rights.ALL));
    }

    ContractSession(ContractStage stage, int loop, Patience patience, Identity identity) {
        this(stage, loop, patience, identity, new Party());
    }

    ContractSession(ContractStage stage, int loop, Patience patience, Identity identity, Party party) {
        this.stage = stage;
        this.loop = loop;
        Link[] opened = new Link[1];
        SessionInfo info = new SessionInfo("contract", "loop " + loop, "", "");
        stage.on(loop, () -> opened[0] = stage.broker().open(this, patience, info, identity, party));
        link = Objects.requireNonNull(opened[0]);
    }

    Link link() {
        return link;
    }

    /** From now on it is not to be told how many topics a publish went to. */
    void countsNoTopics() {
        countsTopics = false;
    }

    /** From now on its socket takes nothing. */
    void takesNothing() {
        takes = false;
    }

    /** What it was told since it was asked last; ends of turns are told by {@link #turnEnds}. */
    List<String> told() {
        List<String> all = toldOf(line -> !line.equals("turn"));
        told.clear();
        return all;
    }

    /** As {@link #told}, but for lines that begin otherwise. */
    List<String> told(String kind) {
        List<String> some = toldOf(line -> line.startsWith(kind));
        told.clear();
        return some;
    }

    /** How many turns it was told to end since it was asked last for anything. */
    int turnEnds() {
        return told("turn").size();
    }

    private List<String> toldOf(Predicate<String> wanted) {
        return new ArrayList<>(told.stream().filter(wanted).toList());
    }

    /** Does it in one turn; what follows is left to the stage. */
    void begin(Consumer<Link> task) {
        stage.on(loop, () -> task.accept(link));
    }

    /** Does it in one turn, some time before all is settled. */
    void beginLater(Consumer<Link> task) {
        stage.later(loop, () -> task.accept(link));
    }

    /** Does it in one turn, with everything that follows. */
    void run(Consumer<Link> task) {
        begin(task);
        stage.settle();
    }

    /** Asks and waits for the answer, which must come. */
    <T> T ask(Function<Link, Future<T>> question) {
        Future<T> answer = future(question);
        if (answer.failed()) {
            throw new AssertionError("it failed", answer.cause());
        }
        return answer.result();
    }

    /** Asks and waits for the refusal, which must come. */
    ErrorCode askInVain(Function<Link, ? extends Future<?>> question) {
        Throwable cause = future(question).cause();
        if (cause instanceof BrokerException refused) {
            return refused.code();
        }
        throw new AssertionError("it was not refused", cause);
    }

    private <F extends Future<?>> F future(Function<Link, F> question) {
        List<F> asked = new ArrayList<>(1);
        int[] answers = new int[1];
        run(same -> {
            asked.add(question.apply(same));
            asked.get(0).onComplete(answer -> answers[0] += stage.isOn(loop) ? 1 : 100);
        });
        if (answers[0] != 1) {
            throw new AssertionError("answered once, on its loop: " + answers[0]);
        }
        return asked.get(0);
    }

    SubscriptionLink subscribe(SubscribeSpec spec) {
        subscription = ask(same -> same.subscribe(spec));
        return subscription;
    }

    /** Its last one. */
    SubscriptionLink subscription() {
        return Objects.requireNonNull(subscription);
    }

    /** The texts that it finds, each with its partition and offset. */
    List<String> browse(Topic topic, StartPosition from, int count) {
        List<String> texts = new ArrayList<>();
        MessageView view = new MessageView();
        for (Browsed one : ask(same -> same.browse(topic, from, count))) {
            view.read(one.run().bytes(), one.position());
            texts.add(one.partitionIndex() + "/" + one.offset() + " " + view.payloadText());
        }
        return texts;
    }

    static Draft draft(String text) {
        byte[] payload = text.getBytes(StandardCharsets.UTF_8);
        return new Draft().payload(payload, 0, payload.length);
    }

    static Draft draft(String key, String text) {
        byte[] bytes = key.getBytes(StandardCharsets.UTF_8);
        return draft(text).key(bytes, 0, bytes.length);
    }

    /** The number of the publish that follows. */
    long ticket() {
        return nextTicket++;
    }

    /** Publishes in one turn; what is refused at once it is told too. */
    void publish(Topic topic, String... texts) {
        run(same -> {
            for (String text : texts) {
                note(same.publish(topic, draft(text), ticket()));
            }
        });
    }

    /** Writes down a refusal that was decided at once; the ticket is then the next publish's. */
    void note(@Nullable Refusal refusal) {
        if (refusal != null) {
            nextTicket--;
            told.add("refused at once " + refusal.code());
        }
    }

    /** Writes down what happened. */
    void note(String what) {
        tell(what);
    }

    /** What it holds under that text. */
    Held held(String text) {
        return held.stream()
                .filter(one -> one.text().equals(text))
                .reduce((before, last) -> last)
                .orElseThrow();
    }

    private void tell(String line) {
        if (!stage.isOn(loop)) {
            throw new AssertionError("told on another thread: " + line);
        }
        told.add(line);
    }

    private void hold(DeliveryBatch batch, String what) {
        MessageView view = new MessageView();
        for (int i = 0; i < batch.size(); i++) {
            view.read(batch.run(i).bytes(), batch.position(i));
            String text = view.payloadText();
            int length = MessageLayout.length(batch.run(i).bytes(), batch.position(i));
            held.add(new Held(batch.partitionIndex(), batch.offset(i), batch.attempt(i), text, length));
            tell(what + " " + text + (batch.attempt(i) == 1 ? "" : " attempt " + batch.attempt(i)));
            headers = Headers.toMap(view.bytes, view.headersStart, view.headersLength);
        }
    }

    @Override
    public void onConfirmed(long firstTicket, int count, int partitionIndex, long firstOffset) {
        for (int i = 0; i < count; i++) {
            tell("confirmed " + (firstTicket + i) + " at " + partitionIndex + "/" + (firstOffset + i));
        }
    }

    @Override
    public boolean countsTopics() {
        return countsTopics;
    }

    @Override
    public void onRouted(long ticket, int topics) {
        tell("routed " + ticket + " to " + topics);
    }

    @Override
    public void onRefused(long firstTicket, int count, Refusal refusal) {
        for (int i = 0; i < count; i++) {
            tell("refused " + (firstTicket + i) + " " + refusal.code());
        }
    }

    @Override
    public void onDeliveries(SubscriptionLink subscription, DeliveryBatch batch) {
        hold(batch, "got");
        if (takes) {
            subscription.written(batch.partitionIndex(), batch.bytes());
        }
    }

    @Override
    public void onTapped(SubscriptionLink subscription, TapBatch batch) {
        MessageView view = new MessageView();
        for (StoredRun run : batch.runs()) {
            int at = run.messagesStart();
            for (int i = 0; i < run.count(); i++) {
                view.read(run.bytes(), at);
                tell("tapped " + view.payloadText());
                at += MessageLayout.length(run.bytes(), at);
            }
        }
        if (takes) {
            subscription.written(batch.partitionIndex(), batch.bytes());
        }
    }

    @Override
    public void onPulled(long ticket, @Nullable DeliveryBatch batch) {
        if (batch == null) {
            tell("pulled " + ticket + " nothing");
        } else {
            hold(batch, "pulled " + ticket);
        }
    }

    @Override
    public void onAvailable(SubscriptionLink subscription, long count) {
        tell("available " + count);
    }

    @Override
    public void onAcked(SubscriptionLink subscription, int partitionIndex, long offset) {
        tell("acked " + partitionIndex + "/" + offset);
    }

    @Override
    public void onEnded(SubscriptionLink subscription, String reason) {
        tell("ended");
    }

    @Override
    public void onReply(long correlation, MessageView reply) {
        tell("reply " + correlation + " " + reply.payloadText());
    }

    @Override
    public void onInterest(String topic, byte[] prefix, boolean wanted) {
        tell((wanted ? "wanted " : "unwanted ") + topic + ":" + new String(prefix, StandardCharsets.UTF_8));
    }

    @Override
    public void onClosedByBroker(Refusal refusal) {
        tell("closed " + refusal.code());
    }

    @Override
    public void onTurnEnd() {
        tell("turn");
    }

    @Override
    public void onBackPressure(boolean pauseReading) {
        tell(pauseReading ? "pause" : "resume");
    }
}
