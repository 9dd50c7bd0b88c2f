package dev.recado.apps.coffee.data;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.LocalDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MomentTest {

    private static final DateTimeFormatter FORMAT = DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm:ss", Locale.ROOT);

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "2024-01-31",
                "2024-01-31T10:00:00",
                "2024-1-31 10:00:00",
                "2024-01-31 10:00:0x",
                "2024-13-01 10:00:00",
                "2023-02-29 10:00:00",
                "2100-02-29 10:00:00",
                "2024-04-31 10:00:00",
                "2024-00-10 10:00:00",
                "2024-01-00 10:00:00",
                "2024-01-01 24:00:00",
                "2024-01-01 10:60:00",
                "2024-01-01 10:00:60",
                "0024-01-01 10:00:00",
                "2024-01-01 10:00:00Z"
            })
    void shouldRefuseWhatIsNoMoment(String text) {
        assertThat(Moment.parse(text)).isEqualTo(Moment.INVALID);
    }

    @Test
    void shouldAgreeWithTheCalendar() {
        // Given
        Random random = new Random(16);
        LocalDateTime first = LocalDateTime.of(1900, 1, 1, 0, 0, 0);

        for (int i = 0; i < 20_000; i++) {
            LocalDateTime time = first.plusSeconds(random.nextLong(299L * 365 * 86_400));
            String text = FORMAT.format(time);

            // When
            long moment = Moment.parse(text);

            // Then
            assertThat(Moment.text(moment)).isEqualTo(text);
            assertThat(Moment.year(moment)).isEqualTo(time.getYear());
            assertThat(Moment.yearMonthText(Moment.yearMonth(moment))).isEqualTo(text.substring(0, 7));
            assertThat(Moment.yearSemesterText(Moment.yearSemester(moment)))
                    .isEqualTo(text.substring(0, 4) + (time.getMonthValue() <= 6 ? "-H1" : "-H2"));
        }
    }

    @Test
    void shouldTellAnyNumberFromAMoment() {
        // Given
        Random random = new Random(17);

        for (int i = 0; i < 100_000; i++) {
            long number = random.nextLong() >> random.nextInt(64);

            // When
            boolean valid = Moment.isValid(number);

            // Then
            assertThat(valid).isEqualTo(number > 0 && Moment.parse(Moment.text(number)) == number);
        }
    }
}
