package dev.recado.transport.zmtp;

import static org.assertj.core.api.Assertions.assertThat;

import dev.recado.base.ByteWriter;
import dev.recado.core.message.Draft;
import dev.recado.core.message.Headers;
import org.junit.jupiter.api.Test;

/** Workers at the role DEALER: REP sockets, which answer in order, and others, of which nobody knows. */
class DealerSessionTest {

    private final ZmtpStage stage = new ZmtpStage();

    @Test
    void shouldBringRequestsToAWorkerAndAnswersBack() {
        stage.play("""
                c = REQ at ROUTER
                w = REP at DEALER
                c> [][what]
                w< [\\x00n1/0/0/1][][what]
                w> [\\x00n1/0/0/1][][that]
                c< [][that]
                """);
        assertThat(stage.settled(ZmtpStage.REQUESTS)).containsExactly("ack 0");
    }

    @Test
    void shouldKnowAClientByItsIdentity() {
        stage.play("""
                c = REQ at ROUTER as alice
                w = REP at DEALER
                c> [][one]
                w< [alice][][one]
                c~
                d = REQ at ROUTER as alice
                w> [alice][][that]
                d< [][that]
                """);
    }

    @Test
    void shouldBeDoneWithTheOldestRequestAtEachAnswerOfARep() {
        stage.workerCredit = 2;
        stage.play("""
                c = DEALER at ROUTER as c
                w = REP at DEALER
                c> [][1]
                c> [][2]
                c> [][3]
                c> [][4]
                w< [c][][1]
                w< [c][][2]
                w> [c][][a1]
                c< [][a1]
                w< [c][][3]
                """);
        assertThat(stage.settled(ZmtpStage.REQUESTS)).containsExactly("ack 0");
    }

    @Test
    void shouldDeliverAtMostOnceToAWorkerThatDies() {
        stage.play("""
                c = REQ at ROUTER as c
                w = REP at DEALER
                c> [][1]
                w< [c][][1]
                w~
                v = REP at DEALER
                """);
        assertThat(stage.settled(ZmtpStage.REQUESTS)).containsExactly("ack 0");
    }

    @Test
    void shouldDeliverAtLeastOnceWhereThatIsAskedFor() {
        stage.redeliver = true;
        stage.play("""
                c = DEALER at ROUTER as c
                w = REP at DEALER
                c> [][1]
                c> [][2]
                w< [c][][1]
                w< [c][][2]
                w> [c][][a1]
                c< [][a1]
                w~
                v = REP at DEALER
                v< [c][][2]
                """);
        assertThat(stage.settled(ZmtpStage.REQUESTS)).containsExactly("ack 0");
    }

    @Test
    void shouldGiveAnotherWorkerWhatTheSocketWasNotGiven() {
        stage.play("""
                c = REQ at ROUTER as c
                w = REP at DEALER
                """);
        stage.peer("w").full = true;
        stage.peer("c").send("[][1]");
        stage.broker.turn();
        stage.play("""
                w~
                v = REP at DEALER
                v< [c][][1]
                """);
    }

    @Test
    void shouldBeDoneWithARequestOfADealerOnceTheSocketTookIt() {
        stage.play("""
                c = DEALER at ROUTER as c
                w = DEALER at DEALER
                c> [][1]
                w< [c][][1]
                w> [c][a]
                c< [a]
                w> [c][][b]
                c< [][b]
                """);
        assertThat(stage.settled(ZmtpStage.REQUESTS)).containsExactly("ack 0");
    }

    @Test
    void shouldDropAndCountAnswersForNobody() {
        stage.play("""
                c = DEALER at ROUTER as c
                w = REP at DEALER
                w> [nobody][][x]
                w> [\\x00][][x]
                w> [\\x00n1/0/0/x/y][][x]
                w> [][][x]
                w> [c]
                c> [][1]
                w< [c][][1]
                """);
        assertThat(stage.broker.repliesDropped).isEqualTo(5);
    }

    @Test
    void shouldTakeAnAnswerOfOneFrameForTheAnswerToTheOldestRequest() {
        stage.workerCredit = 1;
        stage.play("""
                c = DEALER at ROUTER as c
                w = REP at DEALER
                c> [][1]
                c> [][2]
                w< [c][][1]
                w> [c]
                w< [c][][2]
                w> [c][][a2]
                c< [][a2]
                """);
        assertThat(stage.settled(ZmtpStage.REQUESTS)).containsExactly("ack 0", "ack 1");
    }

    /** libzmq's REP drops a request without an empty frame and never answers it. */
    @Test
    void shouldPutADelimiterInFrontOfARequestThatARepWouldElseDrop() {
        stage.play("""
                c = DEALER at ROUTER as c
                w = REP at DEALER
                """);
        ByteWriter headers = new ByteWriter(64);
        Headers.put(headers, Headers.REPLY_TO, "n1/0/0/7");
        byte[] text = Frame.ascii("body");
        stage.store(ZmtpStage.REQUESTS, new Draft().payload(text, 0, 4).headers(headers.array(), 0, headers.size()));
        stage.play("""
                w< [\\x00n1/0/0/7][][body]
                c> [key][body]
                w< [c][][key][body]
                c> [only]
                w< [c][][only]
                c> [a][b][]
                w< [c][][a][b][]
                c> [a][][b]
                w< [c][a][][b]
                """);
    }

    @Test
    void shouldLeaveRequestsForADealerAsTheyAre() {
        stage.play("""
                c = DEALER at ROUTER as c
                w = ROUTER at DEALER
                c> [only]
                w< [c][only]
                """);
    }

    /** A slice of output holds several requests: the first is answered while the socket still has to take the rest. */
    @Test
    void shouldBeDoneWithARequestThatIsAnsweredBeforeTheSocketTookThoseBehindIt() {
        // Given
        stage.play("""
                c = DEALER at ROUTER as c
                w = REP at DEALER
                """);
        ZmtpPeer worker = stage.peer("w");
        worker.slow = true;
        stage.peer("c").send("[][1]");
        stage.peer("c").send("[][2]");
        stage.broker.turn();

        // When
        stage.play("""
                w< [c][][1]
                w< [c][][2]
                w> [c][][a1]
                c< [][a1]
                """);
        worker.take();
        stage.play("""
                w> [c][][a2]
                c< [][a2]
                """);

        // Then
        assertThat(stage.settled(ZmtpStage.REQUESTS)).containsExactly("ack 0", "ack 1");
    }

    @Test
    void shouldDeliverAtMostOnceThoughTheSocketDidNotTakeAllOfASlice() {
        // Given
        stage.play("""
                c = DEALER at ROUTER as c
                w = REP at DEALER
                """);
        stage.peer("w").slow = true;
        stage.peer("c").send("[][1]");
        stage.peer("c").send("[][2]");
        stage.broker.turn();

        // When
        stage.play("""
                w< [c][][1]
                w< [c][][2]
                w> [c][][a1]
                c< [][a1]
                w~
                v = REP at DEALER
                """);

        // Then
        assertThat(stage.settled(ZmtpStage.REQUESTS)).containsExactly("ack 0", "ack 1");
    }
}
