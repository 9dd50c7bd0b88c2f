package dev.recado.broker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.recado.base.ErrorCode;
import dev.recado.core.group.GroupSettings;
import dev.recado.core.topic.MemberFigures;
import dev.recado.core.topic.Overflow;
import dev.recado.core.topic.Topic;
import dev.recado.node.NodeRig;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Members that may hold any number, that are preferred, and that want to be the only one. */
public interface SeatRules extends BrokerContract {

    @Test
    default void shouldHandAnyNumberToWhoAskedForIt() {
        // Given
        Topic topic = create("wide", NodeRig.log(4, 0, Overflow.BLOCK));
        ContractSession session = open(1);
        SubscriptionLink subscription = session.subscribe(
                BrokerContract.group("wide", SubscribeSpec.ANY_CREDIT).withSpending(true));

        // When
        for (int turn = 0; turn < 10; turn++) {
            session.run(link -> {
                for (int i = 0; i < 200; i++) {
                    session.note(link.publish(topic, ContractSession.draft("k" + i, "m"), session.ticket()));
                }
            });
        }
        int got = session.told("got").size();
        session.run(link -> subscription.addCredit(10));

        // Then
        assertThat(got).isEqualTo(2_000);
        List<MemberFigures> members =
                session.ask(link -> stage().broker().admin(link.identity()).members(topic("wide"), "g"));
        assertThat(members).hasSize(4).allMatch(one -> one.load().credit() == SubscribeSpec.ANY_CREDIT);
    }

    @Test
    default void shouldBoundWhatTheSocketDidNotTakeWhateverTheCredit() {
        // Given
        Topic topic = log("orders");
        ContractSession session = open();
        session.subscribe(BrokerContract.group("orders", SubscribeSpec.ANY_CREDIT));
        session.takesNothing();

        // When
        for (int i = 0; i < 20; i++) {
            session.publish(topic, "m" + i + "x".repeat(100_000));
        }

        // Then
        assertThat(session.told("got").size()).isBetween(1, 11);
    }

    @Test
    default void shouldServeMembersOfTheHighestPriorityFirst() {
        // Given
        Topic topic = create("wide", NodeRig.log(2, 0, Overflow.BLOCK));
        ContractSession low = open(0);
        ContractSession high = open(1);
        low.subscribe(BrokerContract.group("wide", 100));
        high.subscribe(BrokerContract.group("wide", 8).withPriority(3));

        // When
        low.run(link -> {
            for (int i = 0; i < 40; i++) {
                low.note(link.publish(topic, ContractSession.draft("k" + i, "m"), low.ticket()));
            }
        });

        // Then
        assertThat(high.told("got")).hasSize(8);
        assertThat(low.told("got")).hasSize(32);
        List<MemberFigures> members =
                low.ask(link -> stage().broker().admin(link.identity()).members(topic("wide"), "g"));
        assertThat(members).extracting(one -> one.wish().priority()).containsExactlyInAnyOrder(0, 0, 3, 3);
    }

    @Test
    default void shouldLetAnExclusiveMemberBeTheOnlyOne() {
        // Given
        create("wide", NodeRig.log(3, 0, Overflow.BLOCK));
        SubscribeSpec plain = BrokerContract.group("wide", 10);
        SubscribeSpec alone = plain.withExclusive(true);
        ContractSession session = open(1);
        ContractSession other = open(0);
        SubscriptionLink first = other.subscribe(plain);

        // When
        ErrorCode besideOther = session.askInVain(link -> link.subscribe(alone));
        other.ask(link -> first.cease());
        SubscriptionLink only = session.subscribe(alone);
        ErrorCode plainBeside = other.askInVain(link -> link.subscribe(plain));
        ErrorCode aloneBeside = other.askInVain(link -> link.subscribe(alone));
        session.ask(link -> only.cease());

        // Then
        assertThat(List.of(besideOther, plainBeside, aloneBeside)).containsOnly(ErrorCode.IN_USE);
        SubscriptionLink next = other.subscribe(plain);
        other.ask(link -> next.close());
        other.subscribe(alone);
    }

    /** However their joins come together, one is let in. */
    @Test
    default void shouldLetOneOfManyBeTheOnlyOne() {
        Topic topic = create("wide", NodeRig.log(3, 0, Overflow.BLOCK));
        createGroup(topic, GroupSettings.DEFAULT);
        SubscribeSpec alone = BrokerContract.group("wide", 10).withExclusive(true);
        for (int i = 0; i < 20; i++) {
            assertThat(joined(topic, alone, 4)).isEqualTo(1);
        }
    }

    @Test
    default void shouldBoundMembersThatJoinAtOnce() {
        Topic topic = create("wide", NodeRig.log(3, 0, Overflow.BLOCK));
        createGroup(topic, GroupSettings.DEFAULT.with(GroupSettings.MAX_MEMBERS, 2));
        for (int i = 0; i < 20; i++) {
            assertThat(joined(topic, BrokerContract.group("wide", 10), 4)).isEqualTo(2);
        }
    }

    /** How many of that many sessions became members, that ask behind publishes which are not committed. */
    private int joined(Topic topic, SubscribeSpec spec, int count) {
        List<ContractSession> sessions = new ArrayList<>();
        for (int each = 0; each < count; each++) {
            sessions.add(open(each % 2));
        }
        for (ContractSession one : sessions) {
            one.begin(link -> {
                one.note(link.publish(topic, ContractSession.draft("m"), one.ticket()));
                link.subscribe(spec).onSuccess(joined -> one.note("joined"));
            });
        }
        stage().settle();
        int joined = 0;
        for (ContractSession one : sessions) {
            joined += one.told("joined").size();
            one.run(Link::close);
        }
        stage().settle();
        return joined;
    }
}
