package dev.recado.broker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.recado.base.ErrorCode;
import dev.recado.base.Refusal;
import dev.recado.core.group.GroupSettings;
import dev.recado.core.message.Draft;
import dev.recado.core.topic.CatalogChange;
import dev.recado.core.topic.GroupKind;
import dev.recado.core.topic.StartPosition;
import dev.recado.core.topic.Topic;
import dev.recado.core.topic.TopicName;
import dev.recado.core.topic.TopicSettings;
import dev.recado.security.Grant;
import dev.recado.security.Identity;
import dev.recado.security.Operation;
import dev.recado.security.Rights;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** Whatever is asked of the broker is held against rights, by each way to it: see {@link AccessTable}. */
public interface AccessRules extends BrokerContract {

    private Identity identity(String user, Grant... grants) {
        return new Identity(user, Rights.of(grants));
    }

    private ContractSession open(Identity who) {
        return new ContractSession(stage(), 0, Patience.REFUSE, who);
    }

    @Test
    default void shouldHaveARowForEveryWayIn() {
        // Given
        Set<String> known =
                AccessTable.rows().stream().map(AccessTable.Row::method).collect(Collectors.toSet());
        AccessTable.FREE.values().forEach(known::addAll);

        // Then
        assertThat(AccessTable.methods()).allMatch(known::contains);
        assertThat(known).isSubsetOf(AccessTable.methods().toList());
    }

    @Test
    default void shouldHaveARowForEveryKindOfChangeAndSubscription() {
        // Given
        List<String> paths =
                AccessTable.rows().stream().map(row -> row.path() + " ").toList();
        List<String> kinds = new ArrayList<>();
        for (Class<?> change : CatalogChange.class.getPermittedSubclasses()) {
            kinds.add(change.getSimpleName());
        }
        Arrays.stream(SubscribeSpec.Kind.values()).map(Enum::name).forEach(kinds::add);

        // Then
        assertThat(kinds).allMatch(kind -> paths.stream().anyMatch(path -> path.matches(kind + "[ ,].*")));
    }

    @Test
    default void shouldRefuseWithoutEachRightAndDoNothing() {
        int tag = 0;
        for (AccessTable.Row row : AccessTable.rows()) {
            for (String missing : row.needs()) {
                AccessScene scene = new AccessScene(this, "w" + tag++);
                scene.enter(AccessScene.of(AccessNeeds.without(missing, row.needs(), scene::name)));
                List<String> before = scene.state();

                Refusal refusal = row.attempt().of(scene);

                assertThat(refusal).as("%s without %s", row, missing).isNotNull();
                assertThat(refusal.code()).as("%s without %s", row, missing).isEqualTo(ErrorCode.NOT_AUTHORIZED);
                assertThat(refusal.detail())
                        .as("%s without %s", row, missing)
                        .matches("right=" + AccessNeeds.operation(missing).word() + " (node|[a-z]+=[a-z]+-w.*)");
                assertThat(scene.state()).as("%s without %s", row, missing).isEqualTo(before);
                scene.leave();
            }
        }
    }

    @Test
    default void shouldAllowWithTheRightsAlone() {
        int tag = 0;
        for (AccessTable.Row row : AccessTable.rows()) {
            AccessScene scene = new AccessScene(this, "r" + tag++);
            scene.enter(AccessScene.of(
                    AccessNeeds.grants(row.needs().isEmpty() ? List.of("browse nothing") : row.needs(), scene::name)));
            assertThat(row.attempt().of(scene)).as("%s", row).isNull();
            scene.leave();
        }
    }

    @Test
    default void shouldRefuseEverythingBeforeALogin() {
        int tag = 0;
        for (AccessTable.Row row : AccessTable.rows()) {
            AccessScene scene = new AccessScene(this, "n" + tag++);
            scene.enter(Identity.NOBODY);
            List<String> before = scene.state();
            Refusal refusal = row.attempt().of(scene);
            assertThat(refusal).as("%s", row).isNotNull();
            assertThat(refusal.code()).as("%s", row).isEqualTo(ErrorCode.NOT_AUTHENTICATED);
            assertThat(scene.state()).as("%s", row).isEqualTo(before);
            scene.leave();
        }
    }

    @Test
    default void shouldDoAsWhoeverHasLoggedInLast() {
        // Given
        log("orders");
        ContractSession session = open(Identity.NOBODY);
        session.publish(topic("orders"), "nobody");
        session.run(link -> link.identify(identity("ana", Grant.of("orders", Operation.PUBLISH))));
        session.publish(topic("orders"), "ana");

        // When
        session.run(link -> link.identify(identity("ben", Grant.of("orders", Operation.BROWSE))));
        session.publish(topic("orders"), "ben");

        // Then
        assertThat(session.link().info().user()).isEqualTo("ben");
        assertThat(session.told("refused at once"))
                .containsExactly("refused at once NOT_AUTHENTICATED", "refused at once NOT_AUTHORIZED");
        assertThat(session.browse(topic("orders"), StartPosition.first(), 10)).containsExactly("0/0 ana");
    }

    /** More topics than are remembered, in turns. */
    @Test
    default void shouldTellManyTopicsApart() {
        // Given
        ContractSession session = open(identity("ana", Grant.of("yes*", Operation.PUBLISH)));
        for (int i = 0; i < 20; i++) {
            log((i % 3 == 0 ? "yes" : "no") + i);
        }

        // Then
        for (int round = 0; round < 3; round++) {
            for (int i = 0; i < 20; i++) {
                boolean given = i % 3 == 0;
                session.publish(topic((given ? "yes" : "no") + i), "x");
                assertThat(session.told("refused")).hasSize(given ? 0 : 1);
            }
        }
    }

    @Test
    default void shouldLeaveIdsOfOtherUsersToThem() {
        // Given
        log("orders");
        Grant both = Grant.of("*", Operation.PUBLISH, Operation.CONSUME);
        ContractSession ana = open(identity("ana", both));
        ana.ask(link -> link.nameInbox("answers", true));
        ana.ask(link -> link.producer("p", 1));
        ana.subscribe(BrokerContract.pull("orders", "c"));
        ContractSession ben = open(identity("ben", both));

        // When
        ErrorCode inbox = ben.askInVain(link -> link.nameInbox("answers", true));
        ErrorCode producer = ben.askInVain(link -> link.producer("p", 1));
        ErrorCode consumer = ben.askInVain(link -> link.subscribe(BrokerContract.pull("orders", "c")));

        // Then
        assertThat(List.of(inbox, producer, consumer)).containsOnly(ErrorCode.NAME_IN_USE);
        assertThat(ana.told("closed")).isEmpty();
        ContractSession again = open(identity("ana", both));
        again.ask(link -> link.producer("p", 1));
        assertThat(ana.told("closed")).containsExactly("closed SESSION_REPLACED");
        ContractSession admin = open(new Identity("root", Rights.ALL));
        admin.ask(link -> link.producer("p", 1));
        assertThat(again.told("closed")).containsExactly("closed SESSION_REPLACED");
    }

    @Test
    default void shouldKeepTheNumbersOfAProducerFromOthers() {
        // Given
        log("orders");
        Grant both = Grant.of("*", Operation.PUBLISH, Operation.CONSUME);
        ContractSession ana = open(identity("ana", both));
        ContractSession ben = open(identity("ben", both));
        ana.ask(link -> link.producer("p", 1));
        numbered(ana, 1);

        // When
        numbered(ben, 2);
        numbered(ana, 2);

        // Then
        assertThat(ben.told("refused")).isNotEmpty();
        assertThat(ana.browse(topic("orders"), StartPosition.first(), 10))
                .hasSize(2)
                .allMatch(line -> line.contains("of ana"));
    }

    private void numbered(ContractSession session, long sequence) {
        session.run(link -> {
            Draft draft = ContractSession.draft("of " + link.info().user());
            session.note(link.publishNumbered(topic("orders"), draft, session.ticket(), "p", sequence));
        });
    }

    @Test
    default void shouldReadNothingByDeadLettersThatMayNotBeRead() {
        // Given
        log("orders");
        log("mine");
        ContractSession mallory = open(identity(
                "mallory",
                Grant.of("orders", Operation.CONFIGURE),
                Grant.of("mine", Operation.PUBLISH, Operation.CONSUME)));

        // When
        GroupSettings settings = GroupSettings.DEFAULT.with(GroupSettings.DEAD_LETTER, "mine");
        ErrorCode answer = mallory.askInVain(link -> link.change(new CatalogChange.CreateGroup(
                topic("orders").uuid(), "g", GroupKind.NAMED, settings, StartPosition.first(), 0, false)));

        // Then
        assertThat(answer).isEqualTo(ErrorCode.NOT_AUTHORIZED);
    }

    @Test
    default void shouldKeepBothOfTwoChangesOfTheSameMoment() {
        // Given
        Topic orders = log("orders");
        ContractSession one = open();
        ContractSession two = open();
        List<Future<?>> answers = new ArrayList<>();

        // When
        one.beginLater(link -> answers.add(link.change(new CatalogChange.AlterTopic(
                orders.uuid(), link.catalog().topic(orders.uuid()).settings().with(TopicSettings.TTL, 5_000L)))));
        two.beginLater(link -> answers.add(link.change(new CatalogChange.AlterTopic(
                orders.uuid(),
                link.catalog().topic(orders.uuid()).settings().with(TopicSettings.LIMIT_MESSAGES, 7L)))));
        stage().settle();

        // Then
        assertThat(answers).hasSize(2).allMatch(Future::succeeded);
        assertThat(topic("orders").settings().ttlMs()).isEqualTo(5_000);
        assertThat(topic("orders").settings().limitMessages()).isEqualTo(7);
    }

    @Test
    default void shouldNotBringBackADeadLetterTopicByAnotherChange() {
        // Given
        Topic orders = log("orders");
        log("secret");
        GroupSettings settings = GroupSettings.DEFAULT.with(GroupSettings.DEAD_LETTER, "secret");
        ContractSession root = open();
        root.ask(link -> link.change(new CatalogChange.CreateGroup(
                orders.uuid(), "g", GroupKind.NAMED, settings, StartPosition.first(), 0, false)));
        int id = topic("orders").group("g").id();
        ContractSession ana = open(identity("ana", Grant.of("orders", Operation.CONFIGURE, Operation.CONSUME)));

        // When
        root.beginLater(
                link -> link.change(new CatalogChange.AlterGroup(id, settings.with(GroupSettings.DEAD_LETTER, ""))));
        ana.beginLater(link -> link.change(new CatalogChange.AlterGroup(
                id, link.catalog().group(id).settings().with(GroupSettings.LEASE_MS, 777L))));
        stage().settle();

        // Then
        assertThat(topic("orders").group("g").settings().deadLetter()).isEmpty();
        assertThat(topic("orders").group("g").settings().leaseMs()).isEqualTo(777);
    }

    @Test
    default void shouldNotTellAnAddressFromAnother() {
        // Given
        ContractSession one = open();
        ContractSession next = open();

        // When
        long[] tokens = new long[2];
        one.run(link -> tokens[0] = Long.parseLong(link.inboxAddress(1).split("/")[2]));
        next.run(link -> tokens[1] = Long.parseLong(link.inboxAddress(1).split("/")[2]));

        // Then
        assertThat(Math.abs(tokens[1] - tokens[0])).isGreaterThan(1_000_000);
    }

    @Test
    default void shouldShowWhatSomethingMayBeDoneWith() {
        // Given
        Identity ana = identity(
                "ana",
                Grant.of("to", Operation.PUBLISH),
                Grant.of("from", Operation.CONSUME),
                Grant.of("make*", Operation.CONFIGURE),
                Grant.of("other", Operation.MONITOR));

        // Then
        assertThat(List.of("to", "from", "made", "make", "maker", "other", "others"))
                .filteredOn(name -> stage().broker().isVisible(ana, TopicName.of(name)))
                .containsExactly("to", "from", "make", "maker", "other");
        assertThat(stage().broker().isVisible(Identity.NOBODY, TopicName.of("to")))
                .isFalse();
    }

    /** Nobody may name what is made between the question and the change. */
    @Test
    default void shouldRefuseChangesOfWhatIsNotThere() {
        // Given
        ContractSession ana = open(identity("ana", Grant.of("mine*", Operation.CONFIGURE, Operation.PUBLISH)));
        UUID none = new UUID(7, 7);

        // Then
        assertThat(ana.askInVain(link -> link.change(new CatalogChange.DeleteTopic(none))))
                .isEqualTo(ErrorCode.TOPIC_NOT_FOUND);
        assertThat(ana.askInVain(link -> link.change(new CatalogChange.DeleteGroup(7_777))))
                .isEqualTo(ErrorCode.GROUP_NOT_FOUND);
        assertThat(ana.askInVain(link -> link.change(new CatalogChange.AlterGroup(7_777, GroupSettings.DEFAULT))))
                .isEqualTo(ErrorCode.GROUP_NOT_FOUND);
        assertThat(ana.askInVain(link -> link.change(new CatalogChange.CreateGroup(
                        none, "g", GroupKind.NAMED, GroupSettings.DEFAULT, StartPosition.next(), 0, false))))
                .isEqualTo(ErrorCode.TOPIC_NOT_FOUND);
    }
}
