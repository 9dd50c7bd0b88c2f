package dev.recado.broker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.recado.base.ErrorCode;
import dev.recado.core.message.Headers;
import dev.recado.core.topic.Topic;
import org.junit.jupiter.api.Test;

/** Requests, answers and the names of inboxes. */
public interface InboxRules extends BrokerContract {

    private static void reply(ContractSession session, String address) {
        session.run(link -> link.reply(address, ContractSession.draft("answer")));
    }

    @Test
    default void shouldBringTheAnswerOfARequestToItsSession() {
        // Given
        Topic topic = log("orders");
        ContractSession asker = open(1);
        ContractSession worker = open(0);
        worker.subscribe(BrokerContract.group("orders", 10));

        // When
        asker.run(link -> asker.note(link.request(topic, ContractSession.draft("question"), asker.ticket(), 5)));
        reply(worker, worker.headers.get(Headers.REPLY_TO));

        // Then
        assertThat(asker.told()).containsExactly("confirmed 0 at 0/0", "reply 5 answer");
        assertThat(worker.told()).containsExactly("got question");
    }

    @Test
    default void shouldSayWhereARequestWouldBeAnswered() {
        // Given
        Topic topic = log("orders");
        ContractSession asker = open();
        asker.subscribe(BrokerContract.group("orders", 10));

        // When
        asker.run(link -> asker.note(link.request(topic, ContractSession.draft("question"), asker.ticket(), 5)));

        // Then
        assertThat(asker.headers.get(Headers.REPLY_TO)).isEqualTo(address(asker, 5));
    }

    private static String address(ContractSession session, long correlation) {
        String[] address = new String[1];
        session.run(link -> address[0] = link.inboxAddress(correlation));
        return address[0];
    }

    @Test
    default void shouldDropAndCountAnswersToAddressesThatNobodyHas() {
        // Given
        ContractSession session = open();
        ContractSession gone = open(1);
        String before = address(gone, 1);
        gone.run(Link::close);
        long dropped = stage().figure("replies_dropped");

        // When
        for (String address : new String[] {
            "",
            "x",
            "/",
            "n1/0/x/1",
            "n1/0/1",
            "n1/x/1/1",
            "n1/0/1/x",
            "n1/99/1/1",
            "n1/-2/1/1",
            "n1/-1/1/1",
            "n2/0/1/1",
            "n1/0/99999999999999999999/1",
            "n1/0/12345/1/1",
            before
        }) {
            reply(session, address);
        }

        // Then
        assertThat(stage().figure("replies_dropped")).isEqualTo(dropped + 14);
        assertThat(session.told()).isEmpty();
        assertThat(gone.told()).isEmpty();
    }

    @Test
    default void shouldTellWhetherSomebodyHasAnAddress() {
        // Given
        ContractSession session = open();
        ContractSession asker = open(1);
        String address = address(asker, 1);
        boolean[] awaited = new boolean[3];

        // When
        session.run(link -> awaited[0] = link.isAwaited(address));
        session.run(link -> awaited[1] = link.isAwaited("orders"));
        asker.run(Link::close);
        session.run(link -> awaited[2] = link.isAwaited(address));

        // Then
        assertThat(awaited).containsExactly(true, false, false);
    }

    @Test
    default void shouldCountAnswersThatASessionDrops() {
        // Given
        ContractSession session = open();
        long dropped = stage().figure("replies_dropped");

        // When
        session.run(Link::replyDropped);

        // Then
        assertThat(stage().figure("replies_dropped")).isEqualTo(dropped + 1);
    }

    @Test
    default void shouldBringLateAnswersToWhoeverNamesTheInboxNext() {
        // Given
        ContractSession first = open(0);
        first.ask(link -> link.nameInbox("desk", false));
        String address = address(first, 5);
        first.run(Link::close);
        ContractSession second = open(1);
        second.ask(link -> link.nameInbox("desk", false));

        // When
        reply(open(0), address);

        // Then
        assertThat(second.told()).containsExactly("reply 5 answer");
        assertThat(first.told()).isEmpty();
        assertThat(address(second, 5)).isEqualTo(address);
    }

    @Test
    default void shouldDropAndCountAnswersWhileNobodyHoldsTheName() {
        // Given
        ContractSession first = open(0);
        first.ask(link -> link.nameInbox("desk", false));
        String address = address(first, 5);
        first.run(Link::close);
        long dropped = stage().figure("replies_dropped");

        // When
        reply(open(0), address);
        ContractSession second = open(1);
        second.ask(link -> link.nameInbox("desk", false));

        // Then
        assertThat(second.told()).isEmpty();
        assertThat(stage().figure("replies_dropped")).isEqualTo(dropped + 1);
    }

    @Test
    default void shouldKnowTheAddressOfANameWithoutItsSession() {
        // Given
        ContractSession session = open();

        // When
        session.ask(link -> link.nameInbox("desk", false));

        // Then
        assertThat(stage().broker().inboxAddress("desk", 5)).isEqualTo(address(session, 5));
    }

    @Test
    default void shouldRefuseNamesOfInboxesThatAreNone() {
        // Given
        ContractSession session = open();

        // When
        ErrorCode empty = session.askInVain(link -> link.nameInbox("", false));
        ErrorCode tooLong = session.askInVain(link -> link.nameInbox("x".repeat(1_025), false));
        ErrorCode broken = session.askInVain(link -> link.nameInbox("\ud800", false));
        session.ask(link -> link.nameInbox("x".repeat(1_024), false));

        // Then
        assertThat(empty).isEqualTo(ErrorCode.INVALID_ARGUMENT);
        assertThat(tooLong).isEqualTo(ErrorCode.INVALID_ARGUMENT);
        assertThat(broken).isEqualTo(ErrorCode.INVALID_ARGUMENT);
    }

    @Test
    default void shouldNameAnInboxOnce() {
        // Given
        ContractSession session = open();
        session.ask(link -> link.nameInbox("desk", false));
        String address = address(session, 5);

        // When
        session.ask(link -> link.nameInbox("desk", false));
        ErrorCode other = session.askInVain(link -> link.nameInbox("hall", true));

        // Then
        assertThat(other).isEqualTo(ErrorCode.NOT_ALLOWED);
        assertThat(address(session, 5)).isEqualTo(address);
        assertThat(session.told()).isEmpty();
    }

    @Test
    default void shouldLeaveANameThatIsHeldWhereItIs() {
        // Given
        ContractSession holder = open(1);
        holder.ask(link -> link.nameInbox("desk", false));
        ContractSession other = open(0);

        // When
        ErrorCode refused = other.askInVain(link -> link.nameInbox("desk", false));
        other.ask(link -> link.nameInbox("hall", false));
        reply(other, address(holder, 5));

        // Then
        assertThat(refused).isEqualTo(ErrorCode.NAME_IN_USE);
        assertThat(holder.told()).containsExactly("reply 5 answer");
    }

    @Test
    default void shouldEndTheSessionThatHoldsANameThatIsTakenOver() {
        // Given
        ContractSession holder = open(1);
        holder.ask(link -> link.nameInbox("desk", false));
        String address = address(holder, 5);
        ContractSession other = open(0);

        // When
        other.ask(link -> link.nameInbox("desk", true));
        reply(other, address);

        // Then
        assertThat(holder.told()).containsExactly("closed SESSION_REPLACED");
        assertThat(other.told()).containsExactly("reply 5 answer");
    }
}
