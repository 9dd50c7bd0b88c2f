package dev.recado.transport.amqp;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** The class {@code tx}, as a client hears it. */
class AmqpTransactionTest {

    private static final String SELECT = """
            > 1 queue.declare q
            < 1 queue.declare-ok q 0 0
            > 1 tx.select
            < 1 tx.select-ok
            """;

    private final AmqpStage stage = new AmqpStage();

    @Test
    void shouldStoreWithTheCommit() {
        // Given
        stage.play(SELECT + "> 1 basic.publish '' q : a\n> 1 basic.publish '' q : b");
        assertThat(stage.stored("q")).isEmpty();

        // When
        stage.play("""
                > 1 tx.commit
                < 1 tx.commit-ok
                > 1 basic.publish '' q : c
                > 1 tx.rollback
                < 1 tx.rollback-ok
                > 1 tx.commit
                < 1 tx.commit-ok
                """);

        // Then
        assertThat(stage.stored("q")).containsExactly("a", "b");
    }

    @Test
    void shouldReturnBeforeTheCommitIsAnswered() {
        stage.play(SELECT + """
                > 1 basic.publish '' none mandatory content-type=a : back
                > 1 basic.publish amq.direct none mandatory : too
                > 1 basic.publish '' none : lost
                > 1 tx.commit
                < 1 basic.return 312 NO_ROUTE '' none content-type=a : back
                < 1 basic.return 312 NO_ROUTE amq.direct none : too
                < 1 tx.commit-ok
                > 1 basic.publish '' none mandatory : dropped
                > 1 tx.rollback
                < 1 tx.rollback-ok
                > 1 tx.commit
                < 1 tx.commit-ok
                """);
    }

    @Test
    void shouldRecoverAtOnceWhatItDoesNotSettle() {
        stage.play(SELECT + """
                > 1 basic.publish '' q : a
                > 1 basic.publish '' q : b
                > 1 tx.commit
                < 1 tx.commit-ok
                > 1 basic.get q
                < 1 basic.get-ok 1 '' q 1 : a
                > 1 basic.get q
                < 1 basic.get-ok 2 '' q 1 : b
                > 1 basic.ack 1
                > 1 basic.recover requeue
                < 1 basic.recover-ok
                > 1 basic.get q
                < 1 basic.get-ok 3 redelivered '' q 1 : b
                > 1 basic.ack 2
                < 1 channel.close 406 PRECONDITION_FAILED - unknown delivery tag 2 (basic.ack)
                """);
    }

    @Test
    void shouldNotBeAndConfirmToo() {
        stage.play(SELECT + """
                > 1 confirm.select
                < 1 channel.close 406 PRECONDITION_FAILED - cannot switch from tx to confirm mode (confirm.select)
                > 1 channel.close-ok
                > 2 channel.open
                < 2 channel.open-ok
                > 2 confirm.select
                < 2 confirm.select-ok
                > 2 tx.select
                < 2 channel.close 406 PRECONDITION_FAILED - cannot switch from confirm to tx mode (tx.select)
                """);
    }

    @Test
    void shouldNotCommitWithoutSelect() {
        stage.play("""
                > 1 tx.commit
                < 1 channel.close 406 PRECONDITION_FAILED - channel is not transactional (tx.commit)
                > 1 channel.close-ok
                > 2 channel.open
                < 2 channel.open-ok
                > 2 tx.rollback
                < 2 channel.close 406 PRECONDITION_FAILED - channel is not transactional (tx.rollback)
                """);
    }

    @Test
    void shouldKnowWhatItHasSettledUntilItIsRolledBack() {
        // Given
        stage.play(SELECT + """
                > 1 basic.publish '' q : a
                > 1 tx.commit
                < 1 tx.commit-ok
                > 1 basic.get q
                < 1 basic.get-ok 1 '' q 1 : a
                > 1 basic.ack 1
                > 1 tx.rollback
                < 1 tx.rollback-ok
                """);

        // When / Then
        stage.play("""
                > 1 basic.ack 1
                > 1 basic.ack 1
                < 1 channel.close 406 PRECONDITION_FAILED - unknown delivery tag 1 (basic.ack)
                """);
    }

    @Test
    void shouldForgetWhatAClosedChannelHasLeftOpen() {
        // When
        stage.play(SELECT + """
                > 1 basic.publish '' q : a
                > 1 channel.close
                < 1 channel.close-ok
                """);

        // Then
        assertThat(stage.stored("q")).isEmpty();
    }
}
