package dev.recado.node;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class LivingBytesTest {

    private final LivingBytes living = new LivingBytes();

    @Test
    void shouldCountWhatTheLedgerTookSinceTheCollection() {
        // Given
        living.atMost(100, 90, 10, 150);

        // When
        long used = living.atMost(100, 90, 35, 200);

        // Then
        assertThat(used).isEqualTo(125);
    }

    @Test
    void shouldNotCountAgainWhatOnceWasKnownToBeGarbage() {
        // Given
        living.atMost(240, 230, 0, 250);
        assertThat(living.atMost(240, 230, 0, 120)).isEqualTo(120);

        // When
        long used = living.atMost(240, 230, 5, 250);

        // Then
        assertThat(used).isEqualTo(125);
    }

    @Test
    void shouldKeepTheBoundWhereASmallPoolWasCollected() {
        // Given
        living.atMost(240, 230, 0, 250);
        living.atMost(240, 230, 0, 120);

        // When
        long used = living.atMost(243, 230, 0, 250);

        // Then
        assertThat(used).isEqualTo(123);
    }

    @Test
    void shouldBelieveTheNextCollectionOfWhatLivesLong() {
        // Given
        living.atMost(240, 230, 0, 250);
        living.atMost(240, 230, 0, 120);

        // When
        long used = living.atMost(235, 228, 0, 250);

        // Then
        assertThat(used).isEqualTo(235);
    }
}
