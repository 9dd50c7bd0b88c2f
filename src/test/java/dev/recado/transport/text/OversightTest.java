package dev.recado.transport.text;

import static org.assertj.core.api.Assertions.assertThat;

import dev.recado.broker.SessionInfo;
import dev.recado.security.Grant;
import dev.recado.security.Identity;
import dev.recado.security.Operation;
import dev.recado.security.Rights;
import org.junit.jupiter.api.Test;

/** What a session tells of others, and how it ends them: SESSION, GROUP:MEMBERS; and what it tells of itself. */
class OversightTest {

    private final Stage stage = new Stage();

    @Test
    void shouldTellTheBrokerWhoItIsAsItLearnsThat() {
        // Given
        stage.play("""
                A> PING
                A< PONG
                """);
        SessionInfo first = stage.link(0).info();

        // When
        stage.play("""
                A> HELLO:till%207
                A< OK:HELLO:recado/0.2.0:n1
                A> AUTH:guest:guest
                A< OK:AUTH
                A> REGISTER:PRODUCER
                A< OK:PRODUCER
                """);

        // Then
        assertThat(first).isEqualTo(new SessionInfo("text", "127.0.0.1:51234", "", "anonymous"));
        assertThat(stage.link(0).info())
                .isEqualTo(new SessionInfo("text-classic", "127.0.0.1:51234", "till 7", "guest"));
    }

    @Test
    void shouldKeepNoMoreThanTheBeginningOfAClientsName() {
        // When
        stage.send("A", "HELLO:" + "x".repeat(60_000) + "\n");

        // Then
        assertThat(stage.link(0).info().client()).hasSize(SessionInfo.CHARS_MAX);
    }

    @Test
    void shouldListSessionsPageByPage() {
        stage.play("""
                A> HELLO:one
                A< OK:HELLO:recado/0.2.0:n1
                B> HELLO:"two"
                B< OK:HELLO:recado/0.2.0:n1
                A> SESSION:LIST:0:1
                A< {"session":1,"protocol":"text","peer":"127.0.0.1:51234","client":"one","user":"anonymous",\
                "namespace":"/",\
                "since":1700000000000,"subscriptions":0,"unconfirmed":0,"paused":false,"published":0,"delivered":3,\
                "acked":2,"publish-rate":0.5,"deliver-rate":0.3,"ack-rate":0.0}
                A< .
                A> SESSION:LIST:1
                A< {"session":2,"protocol":"text","peer":"127.0.0.1:51234","client":"\\"two\\"","user":"anonymous",\
                "namespace":"/",\
                "since":1700000000000,"subscriptions":0,"unconfirmed":0,"paused":false,"published":0,"delivered":3,\
                "acked":2,"publish-rate":0.5,"deliver-rate":0.3,"ack-rate":0.0}
                A< .
                A> SESSION:LIST:2
                A< .
                """);
    }

    @Test
    void shouldCloseAnotherSession() {
        stage.play("""
                A> PING
                A< PONG
                B> SUB:jobs:g
                B< OK:SUB:1
                A> SESSION:CLOSE:2:stuck%0Asince noon
                A< OK:SESSION:CLOSE:2
                B< ERROR:Session closed: by an administrator, reason=stuck?since noon
                B! closed
                A> SESSION:CLOSE:2
                A< ERROR:Not found: session=2
                """);
    }

    @Test
    void shouldCloseItselfWhereItIsTold() {
        stage.play("""
                A> SESSION:CLOSE:1
                A< ERROR:Session closed: by an administrator
                A! closed
                """);
    }

    @Test
    void shouldTellWhoIsInAGroup() {
        stage.play("""
                A> SUB:jobs:g:5
                A< OK:SUB:1
                A> GROUP:CREATE:jobs:g
                A< OK:GROUP:CREATE:jobs:g
                A> GROUP:MEMBERS:jobs:g
                A< {"partition":0,"session":1,"consumer":"","pulls":false,"priority":0,"exclusive":false,\
                "credit":5,"leased":0,"handed-bytes":0,"paused":false,"silent":false,"ceased":false}
                A< .
                A> GROUP:MEMBERS:jobs:none
                A< ERROR:Unknown group: none
                A> GROUP:MEMBERS:none:g
                A< ERROR:Unknown topic: none
                """);
    }

    @Test
    void shouldRefuseWhatIsMalformed() {
        stage.play("""
                > SESSION
                < ERROR:Unknown command: SESSION:
                > SESSION:KILL:1
                < ERROR:Unknown command: SESSION:KILL
                > SESSION:LIST:-1
                < ERROR:Invalid argument: after, allowed=0 or the number of a session
                > SESSION:LIST:0:1001
                < ERROR:Invalid argument: n, allowed=1 to 1000
                > SESSION:LIST:0:1:2
                < ERROR:Invalid argument: SESSION:LIST[:<after>[:<n>]]
                > SESSION:CLOSE
                < ERROR:Invalid argument: SESSION:CLOSE:<session>[:<reason>]
                > SESSION:CLOSE:x
                < ERROR:Invalid argument: session, allowed=the number of one
                > GROUP:MEMBERS:t
                < ERROR:Invalid argument: GROUP:MEMBERS:<topic>:<group>
                """);
    }

    @Test
    void shouldShowSessionsToWhoMayAdministerOnly() {
        // Given
        Identity reader = new Identity(
                "reader", Rights.of(Grant.of("*", Operation.PUBLISH, Operation.CONSUME, Operation.CONFIGURE)));
        Stage narrow = new Stage(Stage.DEFAULT, Stage.authenticator(reader));

        // Then
        narrow.play("""
                > SESSION:LIST
                < ERROR:Not authorized: right=administer node
                > SESSION:CLOSE:1
                < ERROR:Not authorized: right=administer node
                """);
    }
}
