package dev.recado.broker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.recado.base.BrokerException;
import dev.recado.base.ErrorCode;
import dev.recado.core.group.GroupSettings;
import dev.recado.core.topic.MemberFigures;
import dev.recado.core.topic.StartPosition;
import dev.recado.core.topic.Topic;
import dev.recado.core.topic.TopicFigures;
import dev.recado.security.Identity;
import dev.recado.security.Rights;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;

/** What administrators see and do without a session. */
public interface AdminRules extends BrokerContract {

    private <T> Future<T> asked(Function<BrokerAdmin, Future<T>> question) {
        List<Future<T>> asked = new ArrayList<>(1);
        List<Boolean> onItsLoop = new ArrayList<>(1);
        stage().on(1, () -> {
            asked.add(question.apply(stage().broker().admin(Identity.BROKER)));
            asked.get(0).onComplete(answer -> onItsLoop.add(stage().isOn(1)));
        });
        stage().settle();
        assertThat(onItsLoop).as("answered once, on its loop").containsExactly(true);
        return asked.get(0);
    }

    private <T> T ask(Function<BrokerAdmin, Future<T>> question) {
        Future<T> answer = asked(question);
        if (answer.failed()) {
            throw new AssertionError("it failed", answer.cause());
        }
        return answer.result();
    }

    private ErrorCode askInVain(Function<BrokerAdmin, ? extends Future<?>> question) {
        Future<?> answer = asked(admin -> question.apply(admin).mapEmpty());
        assertThat(answer.cause()).isInstanceOf(BrokerException.class);
        return ((BrokerException) answer.cause()).code();
    }

    private List<SessionFigures> sessions(long after, int count) {
        return ask(admin -> admin.sessions(after, count));
    }

    private List<MemberFigures> members(String group) {
        return ask(admin -> admin.members(topic("orders"), group));
    }

    private SessionFigures figures(ContractSession session) {
        List<SessionFigures> all = sessions(0, 100);
        List<SessionFigures> found = all.stream()
                .filter(one -> one.info().equals(session.link().info()))
                .toList();
        assertThat(found).hasSize(1);
        return found.get(0);
    }

    /** Gives a session a name of its own, by which it is found. */
    private ContractSession named(String client, int loop) {
        ContractSession session = open(loop);
        session.run(link -> link.introduce(link.info().withClient(client)));
        return session;
    }

    @Test
    default void shouldTellWhoASessionIs() {
        // Given
        ContractSession session = open(1);

        // When
        session.run(link -> {
            link.identify(new Identity("ana", Rights.ALL));
            link.introduce(link.info().withClient("till").withUser("ben").withProtocol("contract-2"));
        });

        // Then
        assertThat(figures(session).info()).isEqualTo(new SessionInfo("contract-2", "loop 1", "till", "ana"));
    }

    @Test
    default void shouldTellOfSessionsInTheOrderOfTheirIdsPageByPage() {
        // Given
        for (int i = 0; i < 5; i++) {
            named("c" + i, i % 2);
        }
        Predicate<SessionFigures> ours = one -> one.info().client().startsWith("c");

        // When
        List<SessionFigures> all = sessions(0, 100);
        List<SessionFigures> first =
                sessions(all.stream().filter(ours).findFirst().orElseThrow().id() - 1, 2);
        List<SessionFigures> second = sessions(first.get(1).id(), 100);

        // Then
        assertThat(all.stream().map(SessionFigures::id)).isSorted().doesNotHaveDuplicates();
        assertThat(all.stream().filter(ours).map(one -> one.info().client()))
                .containsExactly("c0", "c1", "c2", "c3", "c4");
        assertThat(first.stream().map(one -> one.info().client())).containsExactly("c0", "c1");
        assertThat(second.stream().map(one -> one.info().client())).containsExactly("c2", "c3", "c4");
        assertThat(sessions(second.get(2).id(), 100)).isEmpty();
    }

    @Test
    default void shouldCountWhatASessionDoes() {
        // Given
        Topic topic = log("orders");
        ContractSession session = named("busy", 0);
        SubscriptionLink subscription = session.subscribe(BrokerContract.group("orders", 10));
        session.subscribe(SubscribeSpec.tap("orders", SlowTap.BLOCK));

        // When
        session.publish(topic, "a", "b", "c");
        session.run(link -> {
            subscription.ack(0, 0, 0);
            subscription.nack(0, 1, 0);
        });
        SessionFigures before = figures(session);
        session.run(link -> subscription.ack(0, 0, 100));

        // Then
        assertThat(before.subscriptions()).isEqualTo(2);
        assertThat(before.counts().published()).isEqualTo(3);
        assertThat(before.counts().unconfirmed()).isZero();
        assertThat(before.counts().delivered())
                .as("three, one of them twice, and three by the tap")
                .isEqualTo(7);
        assertThat(before.counts().acked()).isEqualTo(1);
        assertThat(figures(session).counts().acked())
                .as("no more than it holds")
                .isEqualTo(3);
    }

    @Test
    default void shouldTellHowFastASessionIsOverTheLastSeconds() {
        // Given
        Topic topic = log("orders");
        ContractSession session = named("busy", 0);
        stage().pass(5_000);

        // When
        session.publish(topic, "a", "b", "c", "d", "e");
        stage().pass(5_000);
        double early = figures(session).rates().published();
        stage().pass(60_000);

        // Then
        assertThat(early).isBetween(0.4, 0.6);
        assertThat(figures(session).rates().published()).isZero();
        assertThat(figures(session).counts().published()).isEqualTo(5);
    }

    @Test
    default void shouldCountWhatIsNotAnswered() {
        // Given
        Topic topic = log("orders");
        ContractSession session = named("busy", 0);
        List<SessionFigures> seen = new ArrayList<>();

        // When
        stage().on(0, () -> {
            for (int i = 0; i < 3; i++) {
                session.link().publish(topic, ContractSession.draft("a"), session.ticket());
            }
            stage().broker().admin(Identity.BROKER).sessions(0, 100).onSuccess(seen::addAll);
        });
        stage().settle();

        // Then
        assertThat(seen.stream().filter(one -> one.info().client().equals("busy")))
                .singleElement()
                .satisfies(one -> assertThat(one.counts().unconfirmed()).isBetween(0L, 3L));
        assertThat(figures(session).counts().unconfirmed()).isZero();
    }

    @Test
    default void shouldCloseASessionAsAnAdministratorSays() {
        // Given
        Topic topic = log("orders");
        ContractSession session = named("stuck", 0);
        session.subscribe(BrokerContract.group("orders", 10));
        session.publish(topic, "a");
        long id = figures(session).id();
        session.told();

        // When
        ask(admin -> admin.close(id, "of the test"));

        // Then
        assertThat(session.told()).containsExactly("closed SESSION_CLOSED");
        assertThat(sessions(id - 1, 1)).noneMatch(one -> one.id() == id);
        assertThat(gotByTheNext("orders")).singleElement().asString().startsWith("got a");
    }

    @Test
    default void shouldRefuseToCloseASessionThatThereIsNot() {
        // Given
        ContractSession session = named("gone", 1);
        long id = figures(session).id();
        session.run(Link::close);

        // When
        ErrorCode gone = askInVain(admin -> admin.close(id, ""));
        ErrorCode none = askInVain(admin -> admin.close(-1, ""));

        // Then
        assertThat(gone).isEqualTo(ErrorCode.NOT_FOUND);
        assertThat(none).isEqualTo(ErrorCode.NOT_FOUND);
    }

    @Test
    default void shouldTellWhoIsInAGroup() {
        // Given
        Topic topic = log("orders");
        ContractSession session = named("worker", 0);
        session.subscribe(BrokerContract.group("orders", 10));
        session.publish(topic, "a", "b");
        ContractSession consumer = named("consumer", 1);
        consumer.subscribe(BrokerContract.pull("orders", "till-7"));

        // When
        List<MemberFigures> group = members("g");
        List<MemberFigures> own = members("till-7");

        // Then
        assertThat(group)
                .containsExactly(new MemberFigures(
                        0,
                        figures(session).id(),
                        "",
                        new MemberFigures.Wish(false, 0, false),
                        new MemberFigures.Load(10, 2, 0),
                        new MemberFigures.State(false, false, false)));
        assertThat(own)
                .containsExactly(new MemberFigures(
                        0,
                        figures(consumer).id(),
                        "till-7",
                        new MemberFigures.Wish(true, 0, false),
                        new MemberFigures.Load(0, 0, 0),
                        new MemberFigures.State(false, false, false)));
    }

    @Test
    default void shouldTellOfMembersThatAreSilent() {
        // Given
        Topic topic = log("orders");
        createGroup(topic, leases());
        ContractSession session = open(0);
        session.subscribe(BrokerContract.group("orders", 10));
        ContractSession other = open(1);
        other.subscribe(BrokerContract.group("orders", 10));
        session.publish(topic, "a");

        // When
        stage().pass(2_500);

        // Then
        assertThat(members("g")).anyMatch(one -> one.state().silent());
    }

    private static GroupSettings leases() {
        GroupSettings base = GroupSettings.DEFAULT;
        return base.with(GroupSettings.LEASE_MS, 1_000);
    }

    @Test
    default void shouldRefuseToTellWhoIsInAGroupThatThereIsNot() {
        // Given
        Topic topic = log("orders");

        // When
        ErrorCode none = askInVain(admin -> admin.members(topic, "none"));

        // Then
        assertThat(none).isEqualTo(ErrorCode.GROUP_NOT_FOUND);
    }

    @Test
    default void shouldBrowsePurgeAndMoveForAnAdministrator() {
        // Given
        Topic topic = log("orders");
        ContractSession session = open(0);
        session.subscribe(BrokerContract.group("orders", 1));
        session.publish(topic, "a", "b");
        session.told();

        // When
        int found = ask(admin -> admin.browse(topic, StartPosition.first(), 10)).size();
        ask(admin -> admin.resetGroup(topic("orders"), "g", StartPosition.first()));
        long purged = ask(admin -> admin.purge(topic("orders")));

        // Then
        assertThat(found).isEqualTo(2);
        assertThat(session.told("got")).containsExactly("got a");
        assertThat(purged).isEqualTo(2);
    }

    @Test
    default void shouldDescribeATopicForAnAdministrator() {
        // Given
        Topic topic = log("orders");
        open(0).publish(topic, "a", "b");

        // When
        TopicFigures figures = ask(admin -> admin.describe(topic));

        // Then
        assertThat(figures.counts().kept()).isEqualTo(2);
    }

    @Test
    default void shouldTellTheSameFiguresAsASession() {
        // Given
        ContractSession session = open(0);

        // When
        Map<String, Long> told = session.ask(Link::figures).values();

        // Then
        NodeFigures figures = ask(BrokerAdmin::figures);
        assertThat(figures.values().keySet()).isEqualTo(told.keySet());
        assertThat(figures.values().get("sessions")).isEqualTo(told.get("sessions"));
    }

    @Test
    default void shouldHaveAtMostSoManySearchesForAdministratorsUnderWay() {
        // Given
        Topic topic = log("orders");
        List<Throwable> refused = new ArrayList<>();
        List<Integer> found = new ArrayList<>();

        // When
        stage().on(1, () -> {
            for (int i = 0; i <= BrokerAdmin.BROWSES_MAX; i++) {
                stage().broker()
                        .admin(Identity.BROKER)
                        .browse(topic, StartPosition.first(), 1)
                        .onFailure(refused::add)
                        .onSuccess(some -> found.add(some.size()));
            }
        });
        stage().settle();

        // Then
        assertThat(found).hasSize(BrokerAdmin.BROWSES_MAX);
        assertThat(refused).hasSize(1);
        int later = ask(admin -> admin.browse(topic, StartPosition.first(), 1)).size();
        assertThat(later).isZero();
    }
}
