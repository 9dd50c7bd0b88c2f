package dev.recado.security;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.security.SecureRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PasswordHashTest {

    private static final SecureRandom RANDOM = new SecureRandom();

    private static byte[] bytes(String text) {
        return text.getBytes(UTF_8);
    }

    /** Of the tests of the reference implementation, https://github.com/P-H-C/phc-winner-argon2 (src/test.c). */
    @ParameterizedTest
    @CsvSource(
            delimiter = ' ',
            value = {
                "password $argon2id$v=19$m=65536,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc",
                "password $argon2id$v=19$m=256,t=2,p=1$c29tZXNhbHQ$nf65EOgLrQMR/uIPnA4rEsF5h7TKyQwu9U1bMCHGi/4",
                "differentpassword "
                        + "$argon2id$v=19$m=65536,t=2,p=1$c29tZXNhbHQ$C4TWUs9rDEvq7w3+J4umqA32aWKB1+DSiRuBfYxFj94"
            })
    void shouldHashAsOthersDo(String password, String verifier) {
        assertThat(PasswordHash.problem(verifier)).isNull();
        assertThat(PasswordHash.matches(verifier, bytes(password))).isTrue();
        assertThat(PasswordHash.matches(verifier, bytes(password + "x"))).isFalse();
    }

    @Test
    void shouldMakeVerifiersThatTellNothingOfEachOther() {
        // Given
        byte[] password = bytes("päss wörd");

        // When
        String one = PasswordHash.of(password, RANDOM);
        String other = PasswordHash.of(password, RANDOM);

        // Then
        assertThat(one).startsWith("$argon2id$v=19$m=19456,t=2,p=1$").isNotEqualTo(other);
        assertThat(PasswordHash.problem(one)).isNull();
        assertThat(PasswordHash.matches(one, password)).isTrue();
        assertThat(PasswordHash.matches(other, password)).isTrue();
        assertThat(PasswordHash.matches(one, bytes("päss word"))).isFalse();
        assertThat(PasswordHash.matches(one, new byte[0])).isFalse();
    }

    @Test
    void shouldFitNobody() {
        assertThat(PasswordHash.matchesNobody(bytes("anything"))).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "secret",
                "$2b$12$abcdefghijklmnopqrstuv",
                "$argon2i$v=19$m=4096,t=3,p=1$c29tZXNhbHQ$aGFzaGhhc2hoYXNoaGFzaA",
                "$argon2id$v=16$m=4096,t=3,p=1$c29tZXNhbHQ$aGFzaGhhc2hoYXNoaGFzaA",
                "$argon2id$v=19$m=4096,t=3,p=2$c29tZXNhbHQ$aGFzaGhhc2hoYXNoaGFzaA",
                "$argon2id$v=19$m=7,t=3,p=1$c29tZXNhbHQ$aGFzaGhhc2hoYXNoaGFzaA",
                "$argon2id$v=19$m=65537,t=3,p=1$c29tZXNhbHQ$aGFzaGhhc2hoYXNoaGFzaA",
                "$argon2id$v=19$m=999999,t=99,p=1$c29tZXNhbHQ$aGFzaGhhc2hoYXNoaGFzaA",
                "$argon2id$v=19$m=4096,t=0,p=1$c29tZXNhbHQ$aGFzaGhhc2hoYXNoaGFzaA",
                "$argon2id$v=19$m=4096,t=11,p=1$c29tZXNhbHQ$aGFzaGhhc2hoYXNoaGFzaA",
                "$argon2id$v=19$m=4096,t=3,p=1$c2Fs$aGFzaGhhc2hoYXNoaGFzaA",
                "$argon2id$v=19$m=4096,t=3,p=1$c29tZXNhbHQ$c2hvcnQ",
                "$argon2id$v=19$m=4096,t=3,p=1$c29tZXNhbHQ$aGFzaGhhc2hoYXNoaGFzaA==",
                "$argon2id$v=19$m=4096,t=3,p=1$c29tZXNhbHQ$aGFzaGhhc2hoYXNoaGFzaA\n"
            })
    void shouldTakeNothingElse(String verifier) {
        assertThat(PasswordHash.problem(verifier)).contains("recado user passwd");
        assertThat(PasswordHash.matches(verifier, bytes("secret"))).isFalse();
    }
}
