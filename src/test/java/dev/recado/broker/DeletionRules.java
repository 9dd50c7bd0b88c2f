package dev.recado.broker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.recado.base.ErrorCode;
import dev.recado.core.group.GroupSettings;
import dev.recado.core.topic.Overflow;
import dev.recado.core.topic.Topic;
import dev.recado.core.topic.TopicName;
import dev.recado.node.NodeRig;
import io.vertx.core.Future;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;

/** Topics that are deleted only where nobody uses them, or only where they are empty. */
public interface DeletionRules extends BrokerContract {

    private boolean isThere(String topic) {
        return stage().broker().catalog().topic(TopicName.of(topic)) != null;
    }

    @Test
    default void shouldDeleteWhatNobodyUsesAndTellHowMuchWasReady() {
        // Given
        Topic topic = create("wide", NodeRig.log(3, 0, Overflow.BLOCK));
        createGroup(topic, GroupSettings.DEFAULT);
        ContractSession session = open(1);
        SubscriptionLink subscription = session.subscribe(BrokerContract.group("wide", 100));
        session.publish(topic, "a", "b", "c", "d", "e");

        // When
        ErrorCode used = session.askInVain(link -> link.delete(topic("wide"), new DeleteIf(true, false)));
        session.ask(link -> subscription.cease());
        session.publish(topic, "f", "g");
        ErrorCode full = session.askInVain(link -> link.delete(topic("wide"), new DeleteIf(true, true)));
        long ready = session.ask(link -> link.delete(topic("wide"), new DeleteIf(true, false)));

        // Then
        assertThat(List.of(used, full)).containsExactly(ErrorCode.IN_USE, ErrorCode.NOT_EMPTY);
        assertThat(ready).isEqualTo(2);
        assertThat(isThere("wide")).isFalse();
        assertThat(session.told("ended")).hasSize(1);
    }

    @Test
    default void shouldRefuseWhatSomebodyDeletesOnceItIsGone() {
        // Given
        Topic topic = log("twice");
        List<String> seen = new CopyOnWriteArrayList<>();

        // When
        open(1).ask(link -> Future.join(
                        link.delete(topic, DeleteIf.ANY).onComplete(told -> seen.add("first " + isThere("twice"))),
                        link.delete(topic, DeleteIf.ANY).onComplete(told -> seen.add("second " + isThere("twice"))))
                .mapEmpty()
                .otherwiseEmpty());

        // Then
        assertThat(seen).containsExactlyInAnyOrder("first false", "second false");
    }

    @Test
    default void shouldGoOnWhereTheConditionDoesNotHold() {
        // Given
        Topic topic = create("wide", NodeRig.log(3, 0, Overflow.BLOCK));
        ContractSession session = open(1);
        session.publish(topic, "a");

        // When
        ErrorCode refused = session.askInVain(link -> link.delete(topic, new DeleteIf(false, true)));

        // Then
        assertThat(refused).isEqualTo(ErrorCode.NOT_EMPTY);
        session.told();
        for (int i = 0; i < 9; i++) {
            session.publish(topic, "m" + i);
        }
        assertThat(session.told("confirmed")).hasSize(9);
        session.subscribe(BrokerContract.group("wide", 100));
        assertThat(session.told("got")).hasSize(10);
    }

    @Test
    default void shouldCountWhatIsHeldAsNotReadyAndWhatNoGroupHasAsReady() {
        // Given
        Topic held = log("held");
        Topic kept = log("kept");
        ContractSession session = open(1);
        session.subscribe(BrokerContract.group("held", 100));
        session.publish(held, "a", "b");
        session.publish(kept, "a", "b", "c");

        // When
        ErrorCode refused = session.askInVain(link -> link.delete(kept, new DeleteIf(false, true)));
        long ofHeld = session.ask(link -> link.delete(held, new DeleteIf(false, true)));
        long ofKept = session.ask(link -> link.delete(kept, DeleteIf.ANY));

        // Then
        assertThat(refused).isEqualTo(ErrorCode.NOT_EMPTY);
        assertThat(ofHeld).isZero();
        assertThat(ofKept).isEqualTo(3);
    }

    /** Whoever comes first: a member that has joined is not on a topic that was deleted because nobody used it. */
    @Test
    default void shouldNotDeleteUnderAMemberThatJoinsAtTheSameMoment() {
        for (int i = 0; i < 40; i++) {
            // Given
            String name = "wide" + i;
            Topic topic = create(name, NodeRig.log(3, 0, Overflow.BLOCK));
            createGroup(topic, GroupSettings.DEFAULT);
            ContractSession joining = open(1);
            ContractSession deleting = open(0);

            // When
            joining.begin(link -> {
                joining.note(link.publish(topic, ContractSession.draft("m"), joining.ticket()));
                link.subscribe(BrokerContract.group(name, 10)).onSuccess(joined -> joining.note("joined"));
            });
            deleting.beginLater(link -> link.delete(topic, new DeleteIf(true, false))
                    .onComplete(done -> deleting.note(done.succeeded() ? "deleted" : "refused")));
            stage().settle();

            // Then
            boolean joined = !joining.told("joined").isEmpty();
            assertThat(deleting.told()).containsExactly(joined ? "refused" : "deleted");
            assertThat(isThere(name)).isEqualTo(joined);
            joining.run(Link::close);
            deleting.run(Link::close);
        }
    }

    /** Whoever comes first: a message that was confirmed is not lost with a topic that was deleted as an empty one. */
    @Test
    default void shouldNotDeleteAMessageThatComesAtTheSameMoment() {
        for (int i = 0; i < 40; i++) {
            // Given
            String name = "log" + i;
            Topic topic = create(name, NodeRig.log(1, 0, Overflow.BLOCK));
            createGroup(topic, GroupSettings.DEFAULT);
            ContractSession publishing = open(1);
            ContractSession deleting = open(0);

            // When
            deleting.begin(link -> link.delete(topic, new DeleteIf(false, true))
                    .onComplete(done -> deleting.note(done.succeeded() ? "deleted" : "refused")));
            publishing.beginLater(
                    link -> publishing.note(link.publish(topic, ContractSession.draft("m"), publishing.ticket())));
            stage().settle();

            // Then
            boolean confirmed = !publishing.told("confirmed").isEmpty();
            assertThat(deleting.told()).containsExactly(confirmed ? "refused" : "deleted");
            publishing.run(Link::close);
            deleting.run(Link::close);
        }
    }
}
