package dev.recado.apps.coffee.data;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class MoneyTest {

    @ParameterizedTest
    @CsvSource({"0,0", "75,7500", "75.0,7500", "75.00,7500", "74.99,7499", "0.5,50", "0.05,5", "99999999.99,9999999999"
    })
    void shouldReadCents(String text, long cents) {
        assertThat(Money.parse(text)).isEqualTo(cents);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                ".",
                "1.",
                ".5",
                "-1",
                "+1",
                "1.234",
                "1,5",
                "1e3",
                "1..2",
                "1.2.3",
                " 1",
                "1 ",
                "NaN",
                "100000000.00",
                "999999999999",
                "٣"
            })
    void shouldRefuseWhatIsNoAmount(String text) {
        assertThat(Money.parse(text)).isEqualTo(Money.INVALID);
    }

    @Test
    void shouldReadWhatItWritesAndAgreeWithDecimals() {
        // Given
        Random random = new Random(16);

        for (int i = 0; i < 10_000; i++) {
            long cents = random.nextLong(Money.CENTS_MAX + 1) >> random.nextInt(34);

            // When
            String text = Money.text(cents);

            // Then
            assertThat(Money.parse(text)).isEqualTo(cents);
            assertThat(text).isEqualTo(BigDecimal.valueOf(cents, 2).toPlainString());
        }
    }
}
