package dev.recado.security;

import static org.assertj.core.api.Assertions.assertThat;

import dev.recado.base.ErrorCode;
import dev.recado.base.Outcome;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class UserWordsTest {

    private static UserChange granted(Outcome<? extends UserChange> outcome) {
        assertThat(outcome).isInstanceOf(Outcome.Granted.class);
        return ((Outcome.Granted<? extends UserChange>) outcome).value();
    }

    @Test
    void shouldTakeTheWordsOfRolesAndOperations() {
        assertThat(granted(UserWords.add("ana", "", 5)))
                .isEqualTo(new UserChange.Add(UserDef.of("ana", "", 5, UserRole.NONE)));
        assertThat(granted(UserWords.add("ana", "admin", 5)))
                .isEqualTo(new UserChange.Add(UserDef.of("ana", "", 5, UserRole.ADMINISTRATOR)));
        assertThat(granted(UserWords.role("ana", "operator")))
                .isEqualTo(new UserChange.SetRole("ana", UserRole.OPERATOR));
        assertThat(granted(UserWords.grant("ana", "/", "a*", "consume,publish")))
                .isEqualTo(new UserChange.AddGrant("ana", Grant.of("a*", Operation.PUBLISH, Operation.CONSUME)));
        assertThat(granted(UserWords.revoke("ana", "*", "*", "")))
                .isEqualTo(new UserChange.RemoveGrant("ana", new Grant("*", "*", Set.of(Operation.values()))));
        assertThat(Grant.of("a*", Operation.CONSUME, Operation.PUBLISH).text()).isEqualTo("/ a* publish,consume");
    }

    @Test
    void shouldMakeTokensWithAndWithoutAScope() {
        // Given
        Tokens.Made made = Tokens.make(new Random(1));

        // Then
        assertThat(granted(UserWords.token(made, "ana", 1, 2, List.of(), "n")))
                .isEqualTo(
                        new UserChange.AddToken(new TokenDef(made.id(), "ana", made.digest(), 1, 2, List.of(), "n")));
        assertThat(granted(UserWords.token(made, "ana", 1, 0, List.of("/", "a", "browse"), "")))
                .isEqualTo(new UserChange.AddToken(new TokenDef(
                        made.id(), "ana", made.digest(), 1, 0, List.of(Grant.of("a", Operation.BROWSE)), "")));
        assertThat(UserWords.token(made, "ana", 1, 0, List.of("/", "a", "fly"), ""))
                .isInstanceOf(Outcome.Refused.class);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ' ',
            value = {"/ * ''", "/ * fly", "/ * publish,", "/ * publish;consume", "/ * PUBLISH", "/ * administer"})
    void shouldRefuseOtherOperations(String namespaces, String names, String operations) {
        // When
        Outcome<UserChange> outcome = UserWords.grant("ana", namespaces, names, operations);

        // Then
        assertThat(outcome).isInstanceOfSatisfying(Outcome.Refused.class, refused -> assertThat(
                        refused.refusal().code())
                .isEqualTo(ErrorCode.INVALID_ARGUMENT));
    }

    @Test
    void shouldRefuseOtherRoles() {
        assertThat(UserWords.role("ana", "king")).isInstanceOf(Outcome.Refused.class);
        assertThat(UserWords.role("ana", "")).isInstanceOf(Outcome.Refused.class);
        assertThat(UserWords.add("ana", "king", 0)).isInstanceOf(Outcome.Refused.class);
    }

    @Test
    void shouldGiveRolesWhatTheySay() {
        assertThat(UserDef.of("a", "", 0, UserRole.NONE).rights().allows(Operation.MONITOR, "/", "x"))
                .isFalse();
        Rights reader = UserDef.of("a", "", 0, UserRole.READER).rights();
        assertThat(reader.allows(Operation.MONITOR, "shop", "x")).isTrue();
        assertThat(reader.allows(Operation.BROWSE, "shop", "x")).isFalse();
        Rights operator = UserDef.of("a", "", 0, UserRole.OPERATOR).rights();
        assertThat(operator.allows(Operation.CONFIGURE, "shop", "x")).isTrue();
        assertThat(operator.allows(Operation.CONSUME, "shop", "x")).isFalse();
        assertThat(operator.allowsEverywhere(Operation.ADMINISTER)).isFalse();
        assertThat(UserDef.of("a", "", 0, UserRole.ADMINISTRATOR).rights().isAll())
                .isTrue();
    }
}
