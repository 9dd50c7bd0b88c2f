package dev.recado.load.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.recado.load.run.Ledger.Figures;
import org.junit.jupiter.api.Test;

class LedgerTest {

    private final Ledger ledger = new Ledger();

    @Test
    void shouldMissWhatWasConfirmedAndNotFinished() {
        // Given
        byte[] first = ledger.issue(100, 1);
        byte[] second = ledger.issue(100, 2);
        ledger.issue(100, 3);

        // When
        ledger.onConfirmed(first);
        ledger.onConfirmed(second);
        ledger.onFinished(first);

        // Then
        assertThat(ledger.figures()).isEqualTo(new Figures(3, 2, 1, 0));
    }

    @Test
    void shouldNotMindWhichComesFirst() {
        // Given
        byte[] payload = ledger.issue(Ledger.STAMP_BYTES, 1);

        // When
        ledger.onFinished(payload);
        ledger.onConfirmed(payload);

        // Then
        assertThat(ledger.figures()).isEqualTo(new Figures(1, 1, 0, 0));
    }

    @Test
    void shouldNotMissWhatNobodyConfirmed() {
        // Given
        byte[] payload = ledger.issue(100, 1);

        // When
        ledger.onFinished(payload);

        // Then
        assertThat(ledger.figures()).isEqualTo(new Figures(1, 0, 0, 0));
    }

    @Test
    void shouldCountWhatWasFinishedAgain() {
        // Given
        byte[] payload = ledger.issue(100, 1);
        ledger.onConfirmed(payload);

        // When
        ledger.onFinished(payload);
        ledger.onFinished(payload);
        ledger.onConfirmed(payload);

        // Then
        assertThat(ledger.figures()).isEqualTo(new Figures(1, 1, 0, 1));
    }

    @Test
    void shouldKnowItsOwnPayloadsOnly() {
        // Given
        byte[] own = ledger.issue(100, 4_711);
        byte[] foreign = new Ledger().issue(100, 1);

        // When
        ledger.onFinished(foreign);
        ledger.onConfirmed(new byte[3]);

        // Then
        assertThat(ledger.knows(own)).isTrue();
        assertThat(ledger.publishedMs(own)).isEqualTo(4_711);
        assertThat(ledger.knows(foreign)).isFalse();
        assertThat(ledger.knows(new byte[3])).isFalse();
        assertThat(ledger.figures()).isEqualTo(new Figures(1, 0, 0, 0));
    }

    @Test
    void shouldRefuseAPayloadWithoutRoomForItsStamp() {
        assertThatThrownBy(() -> ledger.issue(Ledger.STAMP_BYTES - 1, 1))
                .hasMessage("payload too short: bytes=23 min=24");
    }
}
