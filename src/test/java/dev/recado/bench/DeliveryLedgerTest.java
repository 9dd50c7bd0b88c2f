package dev.recado.bench;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** The verifier must see what is wrong, and only that. One publisher of ten messages, one topic, two members. */
class DeliveryLedgerTest {

    private static final int RUN = 9;
    private static final int SIZE = 40;
    private static final long SENT = 10;

    private final PublishLedger published = new PublishLedger();
    private final DeliveryLedger ledger = new DeliveryLedger(new Lanes(1, 1), 1, 1, 2, 1_000);
    private final Stamp stamp = new Stamp(RUN, 1, SIZE);

    private boolean deliver(int member, long offset, long sequence, int attempt) {
        byte[] payload = Stamp.payload(RUN, SIZE);
        Stamp.write(payload, 0, SIZE, RUN, 0, sequence, 0);
        assertThat(stamp.read(payload, 0, SIZE)).isEqualTo(Stamp.Finding.OURS);
        return ledger.onDelivery(member, 0, 0, offset, attempt, stamp);
    }

    private void deliverAll(long from, long to) {
        for (long i = from; i < to; i++) {
            deliver(0, i, i, 1);
        }
    }

    private Verdict verdict() {
        return ledger.verdict(new PublishLedger[] {published}, new long[] {SENT}, false);
    }

    @Test
    void shouldFindNothingWhereNothingIsWrong() {
        published.onStored(SENT);
        deliverAll(0, SENT);

        assertThat(verdict().isClean()).isTrue();
        assertThat(verdict().received()).isEqualTo(SENT);
    }

    @Test
    void shouldFindLoss() {
        published.onStored(SENT);
        deliverAll(0, 4);
        deliverAll(6, SENT);

        assertThat(verdict().faults().lost()).isEqualTo(2);
        assertThat(verdict().samples()).contains("lost: publisher 0 message 4", "lost: publisher 0 message 5");
    }

    @Test
    void shouldNotCallLostWhatWasRefusedOrNeverAnswered() {
        // Given: 0 to 3 stored, 4 refused, 5 of unknown outcome, the rest without an answer
        published.onStored(4);
        published.onRefused(true);
        published.onRefused(false);
        published.onSilence(SENT);

        // When
        deliverAll(0, 4);
        deliver(0, 4, 7, 1);

        // Then
        assertThat(verdict().isClean()).isTrue();
        assertThat(verdict().received()).isEqualTo(5);
        assertThat(published.confirmedCount()).isEqualTo(4);
        assertThat(published.unknownCount()).isEqualTo(5);
    }

    @Test
    void shouldTellWhatIsStoredTwiceFromWhatIsDeliveredAgain() {
        published.onStored(SENT);
        deliverAll(0, SENT);

        assertThat(deliver(1, 3, 3, 2)).isFalse();
        assertThat(verdict().isClean()).isTrue();
        assertThat(verdict().redelivered()).isEqualTo(1);

        assertThat(deliver(1, SENT, 3, 1)).isFalse();
        assertThat(verdict().faults().duplicates()).isEqualTo(1);
        assertThat(verdict().isClean()).isFalse();
    }

    @Test
    void shouldFindDisorderWithinAMember() {
        published.onStored(SENT);
        deliverAll(0, 5);
        deliver(0, 5, 6, 1);
        deliver(0, 6, 5, 1);
        deliverAll(7, SENT);

        assertThat(verdict().faults().disordered()).isEqualTo(1);
        assertThat(verdict().faults().lost()).isZero();
    }

    @Test
    void shouldAllowMembersToOvertakeEachOther() {
        published.onStored(SENT);
        for (long i = 1; i < SENT; i += 2) {
            deliver(1, i, i, 1);
        }
        for (long i = 0; i < SENT; i += 2) {
            deliver(0, i, i, 1);
        }

        assertThat(verdict().isClean()).isTrue();
    }

    @Test
    void shouldAllowRedeliveriesAndANewConnectionToComeLate() {
        published.onStored(SENT);
        deliverAll(5, SENT);
        deliver(0, 4, 4, 2);
        assertThat(verdict().faults().disordered()).isZero();

        ledger.onConnected(0);
        deliverAll(0, 4);
        assertThat(verdict().isClean()).isTrue();
    }

    @Test
    void shouldFindPhantoms() {
        published.onStored(SENT);
        deliverAll(0, SENT);
        deliver(0, SENT, SENT, 1);
        ledger.onCorrupt(0, 0, 11);
        ledger.onForeign(0, 0, 12);

        assertThat(verdict().faults().phantoms()).isEqualTo(3);
        assertThat(ledger.verdict(new PublishLedger[] {published}, new long[] {SENT}, true)
                        .faults()
                        .phantoms())
                .isEqualTo(2);
    }

    @Test
    void shouldFindAMessageInTheWrongTopic() {
        DeliveryLedger twoTopics = new DeliveryLedger(new Lanes(1, 2), 1, 2, 1, 1_000);
        byte[] payload = Stamp.payload(RUN, SIZE);
        Stamp.write(payload, 0, SIZE, RUN, 0, 3, 0);
        stamp.read(payload, 0, SIZE);

        assertThat(twoTopics.onDelivery(0, 1, 0, 0, 1, stamp)).isTrue();
        assertThat(twoTopics.onDelivery(0, 0, 0, 0, 1, stamp)).isFalse();
        assertThat(twoTopics
                        .verdict(new PublishLedger[] {published}, new long[] {SENT}, false)
                        .faults()
                        .phantoms())
                .isEqualTo(1);
    }

    @Test
    void shouldFindADeliveryThatComesTwiceAsIfForTheFirstTime() {
        published.onStored(SENT);
        deliverAll(0, SENT);
        deliver(1, 3, 3, 1);
        assertThat(verdict().faults().again()).isEqualTo(1);
        assertThat(verdict().isClean()).isFalse();
    }

    @Test
    void shouldAllowAFirstAttemptAgainBehindALostConnection() {
        published.onStored(SENT);
        deliverAll(0, SENT);
        ledger.onLost();
        deliver(1, 3, 3, 1);
        assertThat(verdict().isClean()).isTrue();

        deliver(1, 3, 3, 1);
        assertThat(verdict().faults().again()).isEqualTo(1);
    }

    @Test
    void shouldFindAnotherMessageAtAKnownOffset() {
        published.onStored(SENT);
        deliverAll(0, SENT);
        deliver(0, 4, 5, 2);
        assertThat(verdict().faults().phantoms()).isEqualTo(1);
        assertThat(verdict().samples()).anyMatch(text -> text.startsWith("other message at a known offset"));
    }

    @Test
    void shouldFindAConfirmedMessageWhosePlaceACrashGaveAway() {
        published.onStored(SENT);
        deliverAll(0, SENT - 1);
        ledger.onLost();
        deliver(0, 8, 9, 1);
        assertThat(verdict().faults().lost()).isEqualTo(1);
        assertThat(verdict().samples()).contains("confirmed, and another has its place: publisher 0 message 8");
    }

    /** Message 8 was delivered and not confirmed; the broker forgot it and stores it elsewhere when it comes again. */
    @Test
    void shouldAllowACrashToGiveAwayPlacesThatNobodyWasToldAbout() {
        published.onStored(SENT);
        deliverAll(0, 8);
        deliver(0, 9, 8, 1);
        ledger.onLost();
        ledger.onConnected(0);

        // What took the old place is seen behind the new one.
        deliver(0, 8, 8, 1);
        deliver(0, 9, 9, 1);
        assertThat(verdict().isClean()).isTrue();
    }

    @Test
    void shouldFindWhatIsStoredTwiceOverACrash() {
        published.onStored(SENT);
        deliverAll(0, SENT);
        ledger.onLost();
        deliver(0, 10, 9, 1);
        assertThat(verdict().faults().duplicates()).isEqualTo(1);
    }

    @Test
    void shouldFindWhatWasRefusedAndDeliveredAllTheSame() {
        published.onStored(4);
        published.onRefused(true);
        published.onStored(5);
        deliverAll(0, SENT);
        assertThat(verdict().faults().phantoms()).isEqualTo(1);
        assertThat(verdict().samples()).contains("refused and delivered: publisher 0 message 4");
    }

    @Test
    void shouldFindThatMembersTogetherGotTheWrongOrderOfStorage() {
        published.onStored(SENT);
        deliverAll(0, 5);
        deliver(0, 6, 5, 1);
        deliver(1, 5, 6, 1);
        deliverAll(7, SENT);
        assertThat(verdict().faults().disordered()).isEqualTo(1);
    }

    @Test
    void shouldRememberOnlyAsManyPlacesAsItMay() {
        DeliveryLedger small = new DeliveryLedger(new Lanes(1, 1), 1, 1, 1, 0);
        byte[] payload = Stamp.payload(RUN, SIZE);
        for (int round = 0; round < 2; round++) {
            for (long i = 0; i < 1_000; i++) {
                Stamp.write(payload, 0, SIZE, RUN, 0, i, 0);
                stamp.read(payload, 0, SIZE);
                assertThat(small.onDelivery(0, 0, 0, i, round + 1, stamp)).isEqualTo(round == 0);
            }
        }
        published.onStored(1_000);
        Verdict verdict = small.verdict(new PublishLedger[] {published}, new long[] {1_000}, false);
        assertThat(verdict.isClean()).isTrue();
        assertThat(verdict.redelivered()).isEqualTo(1_000);
    }

    /** Where the protocol tells no places, as ZMTP. */
    @Test
    void shouldVerifyWithoutPlaces() {
        // Given
        published.onHandled(SENT);
        for (long sequence : new long[] {0, 1, 3, 2, 4, 4, 6, 7, 8, 9}) {
            deliver(0, LoadTransport.DeliveryEvents.NO_OFFSET, sequence, 1);
        }
        ledger.onForeign(0, 0, LoadTransport.DeliveryEvents.NO_OFFSET);

        // When
        Verdict verdict = verdict();

        // Then
        assertThat(verdict.faults().lost()).isEqualTo(1);
        assertThat(verdict.faults().disordered()).isEqualTo(1);
        assertThat(verdict.faults().again()).isEqualTo(1);
        assertThat(verdict.faults().duplicates()).isZero();
        assertThat(verdict.foreign()).isEqualTo(1);
        assertThat(verdict.samples())
                .contains("lost: publisher 0 message 5", "delivered twice: publisher 0 message 4")
                .contains("behind a later one: publisher 0 message 2");
        assertThat(published.confirmedCount()).isZero();
    }

    @Test
    void shouldOweNothingOfWhichNobodyKnowsThatItWasRead() {
        deliver(0, LoadTransport.DeliveryEvents.NO_OFFSET, 0, 1);
        ledger.onLost();
        ledger.onConnected(0);
        deliver(0, LoadTransport.DeliveryEvents.NO_OFFSET, 0, 1);

        assertThat(verdict().isClean()).isTrue();
        assertThat(verdict().redelivered()).isEqualTo(1);
    }
}
