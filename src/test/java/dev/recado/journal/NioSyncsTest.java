package dev.recado.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(20)
class NioSyncsTest {

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 31, 32, 1_000})
    void shouldCallEachOnce(int count) {
        // Given
        AtomicIntegerArray calls = new AtomicIntegerArray(count);

        // When
        NioSyncs.each(count, calls::incrementAndGet);

        // Then
        for (int i = 0; i < count; i++) {
            assertThat(calls.get(i)).isEqualTo(1);
        }
    }

    /** None would return before another has come. */
    @Test
    void shouldCallManyAtOnce() {
        // Given
        CountDownLatch together = new CountDownLatch(16);

        // When, then
        NioSyncs.each(64, at -> {
            together.countDown();
            assertThat(awaits(together)).isTrue();
        });
    }

    private static boolean awaits(CountDownLatch latch) {
        try {
            return latch.await(10, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {8, 1_000})
    void shouldEndWithTheFailureOnceNoneGoesOn(int count) {
        // Given
        AtomicInteger under = new AtomicInteger();
        StorageException failure = new StorageException(StorageException.Kind.FAILED, "sync failed", null);

        // When, then
        assertThatThrownBy(() -> NioSyncs.each(count, at -> {
                    under.incrementAndGet();
                    try {
                        if (at == 7) {
                            throw failure;
                        }
                    } finally {
                        under.decrementAndGet();
                    }
                }))
                .isSameAs(failure);
        assertThat(under).hasValue(0);
    }
}
