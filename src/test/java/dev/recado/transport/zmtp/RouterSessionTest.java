package dev.recado.transport.zmtp;

import static org.assertj.core.api.Assertions.assertThat;

import dev.recado.broker.SessionInfo;
import dev.recado.core.message.Draft;
import dev.recado.security.Identity;
import dev.recado.transport.Wire;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Clients with requests at the role ROUTER. */
class RouterSessionTest {

    private final ZmtpStage stage = new ZmtpStage();

    /** A worker of another protocol answers the last request. */
    private void answer(String payload) {
        List<String> addresses = stage.replyTo(ZmtpStage.REQUESTS);
        byte[] bytes = Frame.bytes(payload);
        stage.link("c").reply(addresses.get(addresses.size() - 1), new Draft().payload(bytes, 0, bytes.length));
        stage.broker.turn();
    }

    @Test
    void shouldTellTheBrokerWhoAPeerIs() {
        // When
        stage.connect("c", "DEALER", Role.ROUTER, "till-7");
        stage.connect("d", "DEALER", Role.ROUTER, "\\x01\\xfe");

        // Then
        assertThat(stage.broker.links.stream().map(link -> link.info))
                .containsExactly(
                        new SessionInfo("zmtp-router", "127.0.0.1:51234", "till-7", "anonymous"),
                        new SessionInfo("zmtp-router", "127.0.0.1:51234", "0x01fe", "anonymous"));
    }

    @Test
    void shouldTellAPeerThatAnAdministratorEndsIt() {
        // Given
        stage.connect("c", "DEALER", Role.ROUTER, "till-7");

        // When
        stage.broker.admin(Identity.BROKER).close(1, "of the test");
        stage.broker.turn();

        // Then
        stage.play("""
                c< /ERROR by an administrator, reason=of the test
                c! closed
                """);
    }

    @Test
    void shouldFindTheEnvelopeOfAnAnswerThatHasNone() {
        stage.connect("c", "DEALER", Role.ROUTER);
        for (String[] row : new String[][] {
            {"[q]", "[a]"},
            {"[k][q]", "[a]"},
            {"[]", "[a]"},
            {"[k][]", "[a]"},
            {"[][q]", "[][a]"},
            {"[][q][r]", "[][a]"},
            {"[][][]", "[][a]"},
            {"[\\x00\\x00\\x00\\x01][][q]", "[\\x00\\x00\\x00\\x01][][a]"},
            {"[\\xff\\xfe\\x80\\x00][][q]", "[\\xff\\xfe\\x80\\x00][][a]"},
            {"[12345][q]", "[a]"}
        }) {
            stage.play("c> " + row[0]);
            answer("a");
            stage.play("c< " + row[1]);
        }
        assertThat(stage.broker.repliesDropped).isZero();
    }

    @Test
    void shouldDropAnAnswerToAnEnvelopeThatItCannotRepeat() {
        stage.connect("c", "DEALER", Role.ROUTER);
        for (String deep : List.of("[123][][q]", "[12345][][q]", "[a][b][][q]", "[1234][1234][][q]")) {
            stage.play("c> " + deep);
            answer("a");
        }
        assertThat(stage.broker.repliesDropped).isEqualTo(4);
        stage.play("""
                w = DEALER at DEALER
                w< [\\x00n1/0/0/3][123][][q]
                w< [\\x00n1/0/0/3][12345][][q]
                w< [\\x00n1/0/0/3][a][b][][q]
                w< [\\x00n1/0/0/3][1234][1234][][q]
                w> [\\x00n1/0/0/3][a][b][][x]
                c< [a][b][][x]
                """);
    }

    @Test
    void shouldRefuseAnIdentityInUse() {
        stage.play("""
                a = REQ at ROUTER as alice
                b = REQ at ROUTER as alice
                b< /ERROR NAME_IN_USE inbox=zmtp-router/616c696365
                b! closed
                a> [][q]
                """);
        answer2("a");
        stage.play("a< [][r]");
    }

    private void answer2(String name) {
        byte[] bytes = Frame.ascii("r");
        stage.link(name).reply(stage.replyTo(ZmtpStage.REQUESTS).get(0), new Draft().payload(bytes, 0, 1));
    }

    @Test
    void shouldEndTheOlderOfTwoWithOneIdentityWhereThatIsAskedFor() {
        stage.takeOver = true;
        stage.play("""
                a = REQ at ROUTER as alice
                b = REQ at ROUTER as alice
                a< /ERROR inbox=zmtp-router/616c696365
                a! closed
                b> [][q]
                """);
        answer2("b");
        stage.play("b< [][r]");
    }

    @Test
    void shouldRefuseAnIdentityThatBeginsWithZero() {
        stage.play("""
                a = REQ at ROUTER as \\x00ab
                a< /ERROR INVALID_ARGUMENT an identity does not begin with a byte of 0
                a! closed
                """);
    }

    @Test
    void shouldDropAndCountAnswersThatAClientDoesNotRead() {
        // Given
        ZmtpPeer peer = stage.connect("c", "DEALER", Role.ROUTER);
        stage.play("c> [q]");
        peer.full = true;
        String large = "x".repeat(300_000);

        // When
        for (int i = 0; i < 10; i++) {
            answer(large);
        }

        // Then
        assertThat(stage.broker.repliesDropped).isEqualTo(7);
        peer.take();
        stage.broker.turn();
        assertThat(stage.answers.usedBytes()).isZero();
        for (int i = 0; i < 3; i++) {
            assertThat(peer.next()).hasSize(300_002);
        }
        assertThat(peer.next()).isNull();
        answer("more");
        stage.play("c< [more]");
    }

    @Test
    void shouldTakeAllAnswersOfATurnForAClientThatReads() {
        // Given
        ZmtpPeer peer = stage.connect("c", "DEALER", Role.ROUTER);
        stage.play("c> [q]");
        byte[] large = Frame.bytes("x".repeat(600_000));
        Draft answer = new Draft().payload(large, 0, large.length);

        // When
        for (int i = 0; i < 10; i++) {
            stage.link("c").reply(stage.replyTo(ZmtpStage.REQUESTS).get(0), answer);
        }
        stage.broker.turn();

        // Then
        assertThat(stage.broker.repliesDropped).isZero();
        for (int i = 0; i < 10; i++) {
            assertThat(peer.next()).hasSize(600_002);
        }
    }

    @Test
    void shouldShareOneBoundAmongClientsThatDoNotRead() {
        // Given
        for (String name : List.of("c", "d", "e")) {
            stage.connect(name, "DEALER", Role.ROUTER).full = true;
            stage.peer(name).send("[q]");
            stage.broker.turn();
        }
        byte[] large = Frame.bytes("x".repeat(600_000));

        // When
        for (String address : stage.replyTo(ZmtpStage.REQUESTS)) {
            stage.link("c").reply(address, new Draft().payload(large, 0, large.length));
        }

        // Then
        assertThat(stage.broker.repliesDropped).isEqualTo(2);
        stage.peer("c").hangUp();
        assertThat(stage.answers.usedBytes()).isZero();
    }

    @Test
    void shouldAnswerAClientThatReadsWhileOthersHaveAllThatIsShared() {
        // Given
        stage.connect("c", "DEALER", Role.ROUTER).full = true;
        stage.peer("c").send("[q]");
        stage.broker.turn();
        answer("x".repeat(1_000_000));
        ZmtpPeer peer = stage.connect("d", "DEALER", Role.ROUTER);
        stage.play("d> [q]");
        String address = stage.replyTo(ZmtpStage.REQUESTS).get(1);
        byte[] bytes = Frame.bytes("x".repeat(300_000));

        // When
        for (int length : new int[] {30_000, 30_000, 30_000, 300_000, 300_000, 60_000, 60_000}) {
            stage.link("c").reply(address, new Draft().payload(bytes, 0, length));
        }
        stage.broker.turn();

        // Then
        assertThat(stage.broker.repliesDropped).isZero();
        for (int length : new int[] {30_000, 30_000, 30_000, 300_000, 300_000, 60_000, 60_000}) {
            assertThat(peer.next()).hasSize(length + 2);
        }
        peer.sliceBytes = 16_384;
        stage.link("c").reply(address, new Draft().payload(bytes, 0, 300_000));
        assertThat(stage.broker.repliesDropped).isEqualTo(1);
    }

    @Test
    void shouldSayNothingBehindAnErrorThatItsOwnWritingBroughtAbout() {
        // Given
        ZmtpPeer peer = stage.connect("c", "DEALER", Role.ROUTER);
        stage.play("c> [q]");
        peer.full = true;
        answer("x".repeat(100_000));
        peer.send("/NONSENSE");
        assertThat(peer.reading).isFalse();

        // When
        peer.full = false;
        answer("y".repeat(100_000));

        // Then
        assertThat(peer.next()).hasSize(100_002);
        assertThat(peer.next()).isEqualTo("/ERROR unknown command");
        assertThat(peer.next()).isNull();
        assertThat(stage.broker.repliesDropped).isEqualTo(1);
        assertThat(stage.answers.usedBytes()).isZero();
    }

    @Test
    void shouldKeepALargeAnswerWhileMemoryForOutputIsShort() {
        // Given
        ZmtpPeer peer = stage.connect("c", "DEALER", Role.ROUTER);
        stage.play("c> [q]");
        peer.sliceBytes = 16_384;

        // When
        answer("x".repeat(100_000));

        // Then
        assertThat(peer.next()).isNull();
        peer.sliceBytes = Wire.SLICE_BYTES;
        peer.session().onWritable();
        assertThat(peer.next()).hasSize(100_002);
        assertThat(stage.answers.usedBytes()).isZero();
    }

    @Test
    void shouldCountAnswersForAClientThatIsGone() {
        stage.play("""
                c = REQ at ROUTER
                c> [][q]
                c~
                """);
        answer("a");
        assertThat(stage.broker.repliesDropped).isEqualTo(1);
    }
}
