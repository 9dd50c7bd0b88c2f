package dev.recado.transport.text.wire;

import static org.assertj.core.api.Assertions.assertThat;

import dev.recado.base.ErrorCode;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class ErrorTextTest {

    @ParameterizedTest
    @EnumSource
    void shouldKnowEachCodeByItsWords(ErrorCode code) {
        assertThat(ErrorText.code(ErrorText.words(code))).isEqualTo(code);
        assertThat(ErrorText.code(ErrorText.words(code) + ": key=1: 2")).isEqualTo(code);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", ":", "Internal error", "No messages available", "Topic", "topic full"})
    void shouldKnowNoCodeOfOtherWords(String text) {
        assertThat(ErrorText.code(text)).isNull();
    }

    @Test
    void shouldNotTakeADetailForTheWords() {
        assertThat(ErrorText.code("Unknown topic: Topic full")).isEqualTo(ErrorCode.TOPIC_NOT_FOUND);
    }
}
