package dev.recado.broker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.recado.base.ErrorCode;
import dev.recado.core.topic.CatalogChange;
import dev.recado.core.topic.CatalogChange.ChangeUsers;
import dev.recado.core.topic.StartPosition;
import dev.recado.core.topic.Topic;
import dev.recado.security.Credential;
import dev.recado.security.Grant;
import dev.recado.security.Identity;
import dev.recado.security.LoggedIn;
import dev.recado.security.Operation;
import dev.recado.security.Rights;
import dev.recado.security.TokenDef;
import dev.recado.security.Tokens;
import dev.recado.security.UserChange;
import dev.recado.security.UserDef;
import dev.recado.security.UserRole;
import dev.recado.security.Users;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** That a change of users, once it is answered, holds for every session that is open. */
public interface UserLinkRules extends BrokerContract {

    private Users users() {
        return stage().broker().catalog().users();
    }

    /** Made by the broker's own hand. */
    private void change(UserChange change) {
        ContractSession own = new ContractSession(stage(), 1, Patience.REFUSE, Identity.BROKER);
        own.ask(link -> link.change(new ChangeUsers(change)));
        own.run(Link::close);
    }

    private void administrator() {
        change(new UserChange.Add(UserDef.of("root", LoggedIn.VERIFIER, 1, UserRole.ADMINISTRATOR)));
    }

    private ContractSession logIn(int loop, String user, Grant... grants) {
        if (users().user(user) == null) {
            change(new UserChange.Add(
                    new UserDef(user, LoggedIn.VERIFIER, 1, UserRole.NONE, List.of(grants), List.of())));
        }
        return new ContractSession(stage(), loop, Patience.REFUSE, LoggedIn.byPassword(users(), user));
    }

    private static SubscribeSpec tap(String topic) {
        return new SubscribeSpec(SubscribeSpec.Kind.TAP, topic, null, null, 100, StartPosition.next());
    }

    @Test
    default void shouldDeliverNothingMoreOnceTheRightIsRevoked() {
        // Given
        Topic orders = log("orders");
        administrator();
        ContractSession ana = logIn(0, "ana", Grant.of("orders", Operation.CONSUME));
        ana.subscribe(BrokerContract.group("orders", 10));
        ContractSession tapping = logIn(1, "ana");
        tapping.subscribe(tap("orders"));
        ContractSession publisher = open();
        publisher.publish(orders, "before");
        assertThat(ana.told("got")).containsExactly("got before");
        assertThat(tapping.told("tapped")).containsExactly("tapped before");

        // When
        change(new UserChange.RemoveGrant("ana", Grant.of("orders", Operation.CONSUME)));

        // Then
        assertThat(ana.told()).contains("ended");
        assertThat(tapping.told()).contains("ended");
        publisher.publish(orders, "after");
        assertThat(ana.told("got")).isEmpty();
        assertThat(tapping.told("tapped")).isEmpty();
        assertThat(ana.askInVain(link -> link.subscribe(tap("orders")))).isEqualTo(ErrorCode.NOT_AUTHORIZED);
    }

    @Test
    default void shouldHandWhatWasHeldToOthersOnceTheRightIsRevoked() {
        // Given
        Topic orders = log("orders");
        administrator();
        ContractSession ana = logIn(0, "ana", Grant.of("orders", Operation.CONSUME));
        ana.subscribe(BrokerContract.group("orders", 10));
        open().publish(orders, "held");
        assertThat(ana.told("got")).containsExactly("got held");

        // When
        change(new UserChange.RemoveGrant("ana", Grant.of("orders", Operation.CONSUME)));

        // Then
        assertThat(gotByTheNext("orders")).hasSize(1);
    }

    @Test
    default void shouldRefusePublishesOnceTheRightIsRevoked() {
        // Given
        Topic orders = log("orders");
        administrator();
        ContractSession ana = logIn(0, "ana", Grant.of("*", Operation.PUBLISH));
        ana.publish(orders, "before");

        // When
        change(new UserChange.RemoveGrant("ana", Grant.of("*", Operation.PUBLISH)));
        ana.told();
        ana.publish(orders, "after");

        // Then
        assertThat(ana.told("refused")).containsExactly("refused at once NOT_AUTHORIZED");
        assertThat(open().browse(orders, StartPosition.first(), 10)).hasSize(1);
    }

    @Test
    default void shouldAllowWhatIsGrantedToSessionsThatAreOpen() {
        // Given
        Topic orders = log("orders");
        administrator();
        ContractSession ana = logIn(0, "ana");
        ana.publish(orders, "before");
        assertThat(ana.told("refused")).hasSize(1);

        // When
        change(new UserChange.AddGrant("ana", Grant.of("orders", Operation.PUBLISH)));
        ana.publish(orders, "after");

        // Then
        assertThat(ana.told("refused")).isEmpty();
        assertThat(open().browse(orders, StartPosition.first(), 10)).hasSize(1);
    }

    @Test
    default void shouldEndAPatternThatIsNotCoveredAnyMore() {
        // Given
        Topic orders = log("orders.a");
        administrator();
        ContractSession ana = logIn(0, "ana", Grant.of("orders*", Operation.CONSUME));
        SubscribeSpec pattern =
                new SubscribeSpec(SubscribeSpec.Kind.PATTERN, "orders.#", null, null, 10, StartPosition.next());
        ana.subscribe(pattern);

        // When
        change(new UserChange.RemoveGrant("ana", Grant.of("orders*", Operation.CONSUME)));
        change(new UserChange.AddGrant("ana", Grant.of("orders.b", Operation.CONSUME)));
        open().publish(orders, "after");

        // Then
        assertThat(ana.told()).contains("ended").noneMatch(line -> line.startsWith("got"));
        assertThat(ana.askInVain(link -> link.subscribe(pattern))).isEqualTo(ErrorCode.NOT_AUTHORIZED);
    }

    @Test
    default void shouldCloseTheSessionsOfAUserThatIsGoneAndOfNobodyElse() {
        // Given
        Topic orders = log("orders");
        administrator();
        ContractSession ana = logIn(0, "ana", Grant.of("orders", Operation.CONSUME, Operation.PUBLISH));
        ContractSession elsewhere = logIn(1, "ana");
        ContractSession ben = logIn(0, "ben", Grant.of("orders", Operation.PUBLISH));

        // When
        change(new UserChange.Remove("ana", false));

        // Then
        assertThat(ana.told("closed")).containsExactly("closed SESSION_CLOSED");
        assertThat(elsewhere.told("closed")).containsExactly("closed SESSION_CLOSED");
        ben.publish(orders, "still here");
        assertThat(ben.told()).contains("confirmed 0 at 0/0").doesNotContain("closed SESSION_CLOSED");
    }

    @Test
    default void shouldCloseThoseThatCameByThePasswordBefore() {
        // Given
        administrator();
        ContractSession before = logIn(0, "ana");

        // When
        change(new UserChange.SetPassword("ana", LoggedIn.VERIFIER, 5));
        ContractSession after = logIn(0, "ana");
        change(new UserChange.SetRole("ana", UserRole.READER));

        // Then
        assertThat(before.told("closed")).containsExactly("closed SESSION_CLOSED");
        assertThat(after.told("closed")).isEmpty();
        assertThat(after.ask(Link::figures)).isNotNull();
    }

    /** Judged by users of a moment ago, it comes in behind their change. */
    @Test
    default void shouldNotLetInWhoWasLetInBeforeAChange() {
        // Given
        Topic orders = log("orders");
        administrator();
        logIn(0, "ana", Grant.of("orders", Operation.PUBLISH)).run(Link::close);
        Identity stale = LoggedIn.byPassword(users(), "ana");
        change(new UserChange.Remove("ana", false));

        // When
        ContractSession late = new ContractSession(stage(), 0, Patience.REFUSE, stale);
        ContractSession later = new ContractSession(stage(), 0, Patience.REFUSE, Identity.NOBODY);
        later.run(link -> assertThat(link.identify(stale)).isFalse());

        // Then
        stage().settle();
        assertThat(late.told("closed")).containsExactly("closed SESSION_CLOSED");
        later.publish(orders, "x");
        assertThat(later.told("refused")).containsExactly("refused at once NOT_AUTHENTICATED");
        assertThat(stage().broker().isLetIn(stale)).isFalse();
    }

    @Test
    default void shouldEndThoseWhoDidNotLogInWithTheFirstUser() {
        // Given
        Identity anonymous = new Identity("anonymous", Rights.ALL, Credential.NO_USERS);
        ContractSession open = new ContractSession(stage(), 0, Patience.REFUSE, anonymous);

        // When
        administrator();

        // Then
        assertThat(open.told("closed")).containsExactly("closed SESSION_CLOSED");
    }

    @Test
    default void shouldEndTheSessionsOfATokenWithItAndWhenItsTimeIsUp() {
        // Given
        administrator();
        logIn(0, "ana", Grant.of("*", Operation.PUBLISH)).run(Link::close);
        long nowMs = now();
        Tokens.Made lasting = Tokens.make(new Random(1));
        Tokens.Made brief = Tokens.make(new Random(2));
        change(new UserChange.AddToken(new TokenDef(lasting.id(), "ana", lasting.digest(), nowMs, 0, List.of(), "")));
        change(new UserChange.AddToken(
                new TokenDef(brief.id(), "ana", brief.digest(), nowMs, nowMs + 60_000, List.of(), "")));
        ContractSession first =
                new ContractSession(stage(), 0, Patience.REFUSE, LoggedIn.byToken(users(), lasting, nowMs));
        ContractSession second =
                new ContractSession(stage(), 1, Patience.REFUSE, LoggedIn.byToken(users(), brief, nowMs));

        // When
        stage().pass(50_000);
        assertThat(second.told("closed")).isEmpty();
        stage().pass(20_000);

        // Then
        assertThat(second.told("closed")).containsExactly("closed SESSION_CLOSED");
        assertThat(first.told("closed")).isEmpty();
        change(new UserChange.RemoveToken(lasting.id()));
        assertThat(first.told("closed")).containsExactly("closed SESSION_CLOSED");
    }

    /** By the clock of the stage. */
    long now();

    @Test
    default void shouldSpoilATransactionWhoseRightsHaveChanged() {
        // Given
        Topic orders = log("orders");
        administrator();
        ContractSession ana = logIn(0, "ana", Grant.of("orders", Operation.PUBLISH));
        ana.run(link -> {
            assertThat(link.begin()).isNull();
            ana.note(link.publish(orders, ContractSession.draft("x"), ana.ticket()));
        });

        // When
        change(new UserChange.RemoveGrant("ana", Grant.of("orders", Operation.PUBLISH)));

        // Then
        assertThat(ana.askInVain(Link::commit)).isEqualTo(ErrorCode.NOT_AUTHORIZED);
        assertThat(open().browse(orders, StartPosition.first(), 10)).isEmpty();
    }

    @Test
    default void shouldLetUsersSetTheirOwnPasswordAndNothingElse() {
        // Given
        administrator();
        ContractSession ana = logIn(0, "ana");

        // When, Then
        assertThat(ana.askInVain(
                        link -> link.change(new ChangeUsers(new UserChange.SetPassword("root", LoggedIn.VERIFIER, 2)))))
                .isEqualTo(ErrorCode.NOT_AUTHORIZED);
        assertThat(ana.askInVain(
                        link -> link.change(new ChangeUsers(new UserChange.SetRole("ana", UserRole.ADMINISTRATOR)))))
                .isEqualTo(ErrorCode.NOT_AUTHORIZED);
        ana.ask(link -> link.change(new ChangeUsers(new UserChange.SetPassword("ana", LoggedIn.VERIFIER, 2))));
        assertThat(ana.told("closed")).containsExactly("closed SESSION_CLOSED");
    }

    @Test
    default void shouldKeepTheLastAdministratorWhoeverAsks() {
        // Given
        administrator();
        ContractSession root = logIn(0, "root");

        // When, Then
        for (UserChange change : List.of(
                new UserChange.Remove("root", false),
                new UserChange.Remove("root", true),
                new UserChange.SetRole("root", UserRole.OPERATOR))) {
            assertThat(root.askInVain(link -> link.change(new ChangeUsers(change))))
                    .isEqualTo(ErrorCode.NOT_ALLOWED);
        }
        CatalogChange last = new ChangeUsers(new UserChange.Remove("root", true));
        ContractSession own = new ContractSession(stage(), 1, Patience.REFUSE, Identity.BROKER);
        own.ask(link -> link.change(last));
        assertThat(users().isEmpty()).isTrue();
    }
}
