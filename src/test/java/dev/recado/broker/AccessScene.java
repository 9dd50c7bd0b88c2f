package dev.recado.broker;

import dev.recado.base.BrokerException;
import dev.recado.base.ErrorCode;
import dev.recado.base.Refusal;
import dev.recado.core.group.GroupSettings;
import dev.recado.core.message.Draft;
import dev.recado.core.topic.CatalogChange;
import dev.recado.core.topic.ExchangeType;
import dev.recado.core.topic.GroupKind;
import dev.recado.core.topic.StartPosition;
import dev.recado.core.topic.Topic;
import dev.recado.core.topic.TopicName;
import dev.recado.core.topic.TopicSettings;
import dev.recado.security.Grant;
import dev.recado.security.Identity;
import dev.recado.security.Rights;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.function.BiFunction;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** What stands around one attempt of an {@link AccessTable}: topics, an exchange, and a session of somebody. */
final class AccessScene {

    /** Tries something; answers why it was refused, or null. */
    interface Attempt {
        @Nullable
        Refusal of(AccessScene scene);
    }

    private final BrokerContract rules;
    private final String tag;
    private final ContractSession keeper;
    private final long victim;
    private Identity identity = Identity.NOBODY;
    private @Nullable ContractSession session;

    /** Names end with {@code tag}, so that scenes do not meet. */
    AccessScene(BrokerContract rules, String tag) {
        this.rules = rules;
        this.tag = tag;
        keeper = rules.open();
        rules.log(name("orders"));
        rules.log(name("other"));
        keeper.ask(link -> link.change(new CatalogChange.CreateNamespace(name("shop"))));
        TopicName news = TopicName.of(name("news"));
        keeper.ask(link -> link.change(new CatalogChange.CreateExchange(news, ExchangeType.FANOUT)));
        keeper.ask(
                link -> link.change(new CatalogChange.Bind(news, topic("orders").uuid(), "", Map.of())));
        TopicName press = TopicName.of(name("press"));
        keeper.ask(link -> link.change(new CatalogChange.CreateExchange(press, ExchangeType.FANOUT)));
        keeper.ask(link ->
                link.change(new CatalogChange.Bind(news, new CatalogChange.Target.ToExchange(press), "", Map.of())));
        UUID orders = topic("orders").uuid();
        keeper.ask(link -> link.change(new CatalogChange.CreateGroup(
                orders, "g", GroupKind.NAMED, GroupSettings.DEFAULT, StartPosition.first(), 0, false)));
        keeper.subscribe(BrokerContract.group(name("orders"), 1));
        keeper.ask(link -> link.nameInbox(name("taken"), false));
        keeper.publish(topic("orders"), "before");
        keeper.told();
        victim = asked(admin -> admin.sessions(0, BrokerAdmin.SESSIONS_MAX)).stream()
                .mapToLong(SessionFigures::id)
                .max()
                .orElseThrow();
    }

    /** From now on {@code who} tries. */
    void enter(Identity who) {
        identity = who;
        session = new ContractSession(rules.stage(), 0, Patience.REFUSE, who);
    }

    String name(String of) {
        return of + "-" + tag;
    }

    Topic topic(String of) {
        return rules.topic(name(of));
    }

    int group() {
        return Objects.requireNonNull(topic("orders").group("g")).id();
    }

    /** The number of the session that keeps the scene. */
    long victim() {
        return victim;
    }

    private <T> T asked(Function<BrokerAdmin, Future<T>> question) {
        List<Future<T>> answers = new ArrayList<>(1);
        rules.stage()
                .on(0, () -> answers.add(question.apply(rules.stage().broker().admin(Identity.BROKER))));
        rules.stage().settle();
        return answers.get(0).result();
    }

    static Draft draft() {
        return ContractSession.draft("x");
    }

    static TopicSettings altered(TopicSettings base) {
        return base.with(TopicSettings.LIMIT_MESSAGES, base.limitMessages() + 1_000);
    }

    private ContractSession session() {
        return Objects.requireNonNull(session);
    }

    /** Something that is refused at once. */
    @Nullable
    Refusal at(Function<Link, @Nullable Refusal> call) {
        List<Refusal> refusals = new ArrayList<>(1);
        session().run(link -> {
            Refusal refusal = call.apply(link);
            if (refusal != null) {
                refusals.add(refusal);
            }
        });
        return refusals.isEmpty() ? null : refusals.get(0);
    }

    /** Something that is answered later. */
    @Nullable
    Refusal later(Function<Link, ? extends Future<?>> call) {
        List<Future<?>> answers = new ArrayList<>(1);
        session().run(link -> answers.add(call.apply(link)));
        return refusal(answers.get(0));
    }

    @Nullable
    Refusal subscribe(SubscribeSpec.Kind kind, String topic) {
        String group = kind == SubscribeSpec.Kind.GROUP ? "h" : null;
        String id = kind == SubscribeSpec.Kind.PULL ? name("c") : null;
        return later(link -> link.subscribe(new SubscribeSpec(kind, name(topic), group, id, 1, StartPosition.first())));
    }

    @Nullable
    Refusal admin(Function<BrokerAdmin, ? extends Future<?>> call) {
        return broker((broker, who) -> call.apply(broker.admin(who)));
    }

    @Nullable
    Refusal broker(BiFunction<Broker, Identity, ? extends Future<?>> call) {
        List<Future<?>> answers = new ArrayList<>(1);
        rules.stage().on(0, () -> answers.add(call.apply(rules.stage().broker(), identity)));
        rules.stage().settle();
        return refusal(answers.get(0));
    }

    /** Answers to the keeper; one that does not come is as good as refused. */
    @Nullable
    Refusal reply() {
        String[] address = new String[1];
        keeper.run(link -> address[0] = link.inboxAddress(7));
        session().run(link -> link.reply(address[0], draft()));
        rules.stage().settle();
        return keeper.told("reply").equals(List.of("reply 7 x"))
                ? null
                : Refusal.of(ErrorCode.NOT_AUTHENTICATED, "no reply came");
    }

    private static @Nullable Refusal refusal(Future<?> answer) {
        if (answer.succeeded()) {
            return null;
        }
        if (answer.cause() instanceof BrokerException refused) {
            return Refusal.of(refused.code(), refused.detail());
        }
        throw new AssertionError("not answered, or by a bug: " + answer, answer.cause());
    }

    /** All that an attempt could have changed. */
    List<String> state() {
        List<String> state = new ArrayList<>();
        state.add("catalog " + rules.stage().broker().catalog().version());
        for (String topic : List.of("orders", "other")) {
            state.add(topic + " " + keeper.browse(topic(topic), StartPosition.first(), 100));
        }
        rules.stage().settle();
        state.add("keeper " + keeper.told());
        state.add(
                "members " + asked(admin -> admin.members(topic("orders"), "g")).size());
        return state;
    }

    void leave() {
        session().run(Link::close);
        keeper.run(Link::close);
    }

    static Identity of(List<Grant> grants) {
        return new Identity("ana", new Rights(grants));
    }
}
