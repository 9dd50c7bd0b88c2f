package dev.recado.broker.session;

import static org.assertj.core.api.Assertions.assertThat;

import dev.recado.core.message.StoredRun;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What taps of one loop share of a batch of 100 bytes. */
class TapBatchTest {

    private final LoopTapBatch batch = new LoopTapBatch(
            0, List.of(new StoredRun(new byte[100], 0, 22, 100, 1, 0, 1, 1_000, 1_000, 0, null, 0, 1)));
    private int made;

    private byte @Nullable [] encode(String key, int bytes) {
        return batch.encoded(
                key,
                unused -> {
                    made++;
                    return new byte[bytes];
                },
                encoding -> encoding.length);
    }

    @Test
    void shouldMakeAnEncodingOnceForAllThatWantIt() {
        assertThat(encode("a", 100)).isNotNull().isSameAs(encode("a", 100));
        assertThat(made).isEqualTo(1);
    }

    /** A tap that lags keeps the batch, and with it what was made for a thousand others. */
    @Test
    void shouldKeepEncodingsInProportionToTheBatch() {
        // When
        for (int i = 0; i < 1_000; i++) {
            encode("key " + i, 90);
        }

        // Then
        assertThat(made).isEqualTo(3);
        assertThat(encode("key 2", 90)).isNotNull();
        assertThat(encode("key 3", 90)).isNull();
    }
}
