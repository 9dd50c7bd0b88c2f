package dev.recado.security;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TokensTest {

    private final Random random = new Random(17);

    private static Tokens.Shown read(String text) {
        return Objects.requireNonNull(Tokens.read(text.getBytes(US_ASCII)));
    }

    @Test
    void shouldReadWhatItMade() {
        Set<String> ids = new HashSet<>();
        for (int i = 0; i < 1_000; i++) {
            // Given
            Tokens.Made made = Tokens.make(random);

            // Then
            assertThat(made.text()).matches("rct_[0-9a-hjkmnp-tv-z]{64}");
            assertThat(read(made.text())).isEqualTo(new Tokens.Shown(made.id(), made.digest()));
            assertThat(made.digest()).hasSize(64);
            assertThat(made.toString())
                    .contains(made.id())
                    .doesNotContain(made.text().substring(12));
            ids.add(made.id());
        }
        assertThat(ids).hasSize(1_000);
    }

    @Test
    void shouldTellWhatWasCutShortOrMistyped() {
        // Given
        String text = Tokens.make(random).text();

        // Then
        for (int length = 0; length < text.length(); length++) {
            assertThat(Tokens.read(text.substring(0, length).getBytes(US_ASCII)))
                    .isNull();
        }
        assertThat(Tokens.read((text + "a").getBytes(US_ASCII))).isNull();
        for (int at = 0; at < text.length(); at++) {
            for (char other : "0z9 A\n".toCharArray()) {
                String changed = text.substring(0, at) + other + text.substring(at + 1);
                if (!changed.equals(text)) {
                    assertThat(Tokens.read(changed.getBytes(US_ASCII)))
                            .as(changed)
                            .isNull();
                }
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "password", "ghp_16C7e42F292c6912E7710c838347Ae178B4a", "rct_", "RCT_0123"})
    void shouldTakeNothingElse(String text) {
        assertThat(Tokens.read(text.getBytes(US_ASCII))).isNull();
    }
}
