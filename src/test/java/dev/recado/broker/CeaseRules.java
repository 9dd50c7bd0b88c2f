package dev.recado.broker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.recado.base.ErrorCode;
import dev.recado.core.group.GroupSettings;
import dev.recado.core.topic.MemberFigures;
import dev.recado.core.topic.Overflow;
import dev.recado.core.topic.Topic;
import dev.recado.core.topic.TopicFigures;
import dev.recado.node.NodeRig;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Subscriptions that are handed nothing more and keep what they hold. */
public interface CeaseRules extends BrokerContract {

    @Test
    default void shouldHandNothingToASubscriptionThatHasCeased() {
        // Given
        Topic topic = log("orders");
        ContractSession session = open(1);
        SubscriptionLink subscription = session.subscribe(BrokerContract.group("orders", 10));
        session.publish(topic, "a", "b", "c");
        List<String> before = session.told("got");

        // When
        session.ask(link -> subscription.cease());
        session.publish(topic, "d");
        session.run(link -> {
            subscription.ack(0, 0, 0);
            subscription.addCredit(5);
        });
        stage().pass(2_000);

        // Then
        assertThat(before).containsExactly("got a", "got b", "got c");
        assertThat(session.told("got")).isEmpty();
        assertThat(gotByTheNext("orders")).containsExactly("got d");
        session.ask(link -> subscription.close());
        assertThat(gotByTheNext("orders"))
                .contains("got b attempt 2", "got c attempt 2")
                .noneMatch("got a"::equals);
    }

    @Test
    default void shouldSettleAndExtendWhatIsHeldByOneThatHasCeased() {
        // Given
        Topic topic = log("orders");
        ContractSession session = open(1);
        SubscriptionLink subscription = session.subscribe(BrokerContract.group("orders", 10));
        session.publish(topic, "a", "b", "c", "d");
        session.ask(link -> subscription.cease());

        // When
        boolean extended = session.ask(link -> subscription.extend(0, 0, 60_000));
        session.run(link -> {
            subscription.nack(0, 1, 0);
            subscription.reject(0, 2, "bad");
            subscription.ackDurably(0, 3);
        });

        // Then
        assertThat(extended).isTrue();
        assertThat(session.told("acked")).containsExactly("acked 0/3");
        assertThat(gotByTheNext("orders")).containsExactly("got b attempt 2");
        assertThat(figures(topic("orders")).unfinished().leased()).isEqualTo(1);
    }

    private TopicFigures.GroupFigures figures(Topic topic) {
        ContractSession session = open();
        TopicFigures figures = session.ask(link -> link.describe(topic));
        session.run(Link::close);
        return figures.groups().get(0);
    }

    /** What the owners handed out before they heard of it comes; behind the end of the future nothing does. */
    @Test
    default void shouldBringWhatWasUnderWayBeforeItHasCeased() {
        Topic topic = create("wide", NodeRig.log(4, 0, Overflow.BLOCK));
        for (int i = 0; i < 20; i++) {
            // Given
            ContractSession session = open(1);
            SubscriptionLink subscription = session.subscribe(BrokerContract.group("wide", 1_000));
            ContractSession publisher = open(0);

            // When
            publisher.begin(link -> {
                for (int each = 0; each < 50; each++) {
                    publisher.note(link.publish(topic, ContractSession.draft("k" + each, "m"), publisher.ticket()));
                }
            });
            session.beginLater(link -> subscription.cease().onComplete(ceased -> session.note("ceased")));
            stage().settle();
            publisher.publish(topic, "m", "m", "m", "m", "m");

            // Then
            List<String> told = session.told();
            long got = told.stream().filter(line -> line.startsWith("got")).count();
            assertThat(told.indexOf("ceased")).isEqualTo((int) got);
            assertThat(figures(topic).unfinished().leased()).isEqualTo(got);
            session.run(Link::close);
            publisher.run(Link::close);
        }
    }

    @Test
    default void shouldNotCountOneThatHasCeased() {
        // Given
        Topic topic = create("wide", NodeRig.log(2, 0, Overflow.BLOCK));
        createGroup(topic, GroupSettings.DEFAULT.with(GroupSettings.MAX_MEMBERS, 1));
        ContractSession session = open(1);
        SubscriptionLink subscription = session.subscribe(BrokerContract.group("wide", 10));
        ContractSession other = open(0);
        ErrorCode refused = other.askInVain(link -> link.subscribe(BrokerContract.group("wide", 10)));

        // When
        session.ask(link -> subscription.cease());
        int counted = figures(topic("wide")).members();
        other.subscribe(BrokerContract.group("wide", 10));

        // Then
        assertThat(refused).isEqualTo(ErrorCode.GROUP_FULL);
        assertThat(counted).isZero();
        assertThat(figures(topic("wide")).members()).isEqualTo(1);
    }

    @Test
    default void shouldShowThatItHasCeased() {
        // Given
        Topic topic = log("orders");
        ContractSession session = open(1);
        SubscriptionLink subscription = session.subscribe(BrokerContract.group("orders", 10));
        session.publish(topic, "a");

        // When
        session.ask(link -> subscription.cease());

        // Then
        List<MemberFigures> members =
                session.ask(link -> stage().broker().admin(link.identity()).members(topic("orders"), "g"));
        assertThat(members)
                .hasSize(1)
                .allMatch(one -> one.state().ceased() && one.load().leased() == 1);
    }

    @Test
    default void shouldFindNothingByAPullOfOneThatHasCeased() {
        // Given
        Topic topic = log("orders");
        ContractSession session = open(1);
        SubscriptionLink subscription = session.subscribe(BrokerContract.pull("orders", "till-7"));
        session.publish(topic, "a", "b");
        session.told();

        // When
        session.run(link -> {
            subscription.pull(1);
            subscription.cease();
            subscription.pull(2);
        });
        session.publish(topic, "c");

        // Then
        assertThat(session.told("pulled")).containsExactlyInAnyOrder("pulled 1 nothing", "pulled 2 nothing");
        assertThat(session.told("available")).isEmpty();
    }

    @Test
    default void shouldAnswerAPullThatWaitsForTheSocketWhenItCeases() {
        // Given
        Topic topic = log("orders");
        ContractSession session = open(1);
        SubscriptionLink subscription = session.subscribe(BrokerContract.pull("orders", "till-7"));
        for (int i = 0; i < 12; i++) {
            session.publish(topic, "m" + "x".repeat(100_000));
        }
        session.run(link -> {
            for (int ticket = 0; ticket < 12; ticket++) {
                subscription.pull(ticket);
            }
        });
        assertThat(session.told("pulled")).hasSize(11);

        // When
        session.ask(link -> subscription.cease());

        // Then
        assertThat(session.told("pulled")).containsExactly("pulled 11 nothing");
    }

    @Test
    default void shouldEndATapThatCeases() {
        // Given
        Topic topic = log("orders");
        ContractSession session = open(1);
        SubscriptionLink tap = session.subscribe(SubscribeSpec.tap("orders", SlowTap.BLOCK));
        session.publish(topic, "a");
        List<String> before = session.told("tapped");

        // When
        session.ask(link -> tap.cease());
        session.publish(topic, "b");

        // Then
        assertThat(before).containsExactly("tapped a");
        assertThat(session.told("tapped")).isEmpty();
        session.ask(link -> tap.close());
    }

    @Test
    default void shouldCeaseTwiceAndBehindItsEnd() {
        // Given
        Topic topic = log("orders");
        ContractSession session = open(1);
        SubscriptionLink subscription = session.subscribe(BrokerContract.group("orders", 10));
        session.publish(topic, "a");

        // When
        session.run(link -> {
            subscription.cease().onComplete(done -> session.note("first"));
            subscription.cease().onComplete(done -> session.note("again"));
            subscription.close().onComplete(done -> session.note("left"));
        });
        SubscriptionLink other = session.subscribe(BrokerContract.group("orders", 10));
        session.ask(link -> other.close());
        session.ask(link -> other.cease());

        // Then
        assertThat(session.told()).contains("first", "again", "left");
    }
}
