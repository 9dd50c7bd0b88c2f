package dev.recado.security;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.recado.base.ByteReader;
import dev.recado.base.ByteWriter;
import dev.recado.base.ErrorCode;
import dev.recado.base.Refusal;
import dev.recado.security.UserChange.Result;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What becomes of users by changes, and who somebody is by them. */
class UsersTest {

    private static final String KEY = "Yne@$w-vo<fVvi]a<NY6T1ed:M$fCG*[IaLV{hID";
    private static final Grant ORDERS = Grant.of("orders.*", Operation.PUBLISH, Operation.CONSUME);

    private Users users = Users.NONE;

    private void change(UserChange change) {
        Result result = users.apply(change);
        assertThat(result).as("%s", change).isInstanceOf(Result.Granted.class);
        users = ((Result.Granted) result).users();
    }

    private Refusal refusal(UserChange change) {
        Result result = users.apply(change);
        assertThat(result).as("%s", change).isInstanceOf(Result.Refused.class);
        return ((Result.Refused) result).why();
    }

    private static UserChange add(String name, UserRole role, Grant... grants) {
        return new UserChange.Add(new UserDef(name, LoggedIn.VERIFIER, 1, role, List.of(grants), List.of()));
    }

    private Tokens.Made token(int seed, String user, long untilMs, Grant... scope) {
        Tokens.Made made = Tokens.make(new Random(seed));
        change(new UserChange.AddToken(new TokenDef(made.id(), user, made.digest(), 0, untilMs, List.of(scope), "")));
        return made;
    }

    private @Nullable Identity byToken(Tokens.Made token, long nowMs) {
        return users.byToken(token.text().getBytes(UTF_8), nowMs);
    }

    private UserDef user(String name) {
        return Objects.requireNonNull(users.user(name));
    }

    // --- rules

    @Test
    void shouldTakeAnAdministratorWithAPasswordFirst() {
        assertThat(refusal(add("ana", UserRole.OPERATOR)).code()).isEqualTo(ErrorCode.NOT_ALLOWED);
        assertThat(refusal(add("ana", UserRole.NONE, new Grant("*", "*", Set.of(Operation.values()))))
                        .code())
                .isEqualTo(ErrorCode.NOT_ALLOWED);
        assertThat(refusal(new UserChange.Add(UserDef.of("ana", "", 1, UserRole.ADMINISTRATOR)))
                        .detail())
                .contains("with a password");
        change(add("ana", UserRole.ADMINISTRATOR));
        change(add("ben", UserRole.NONE));
        assertThat(users.count()).isEqualTo(2);
    }

    @Test
    void shouldKeepOneAdministrator() {
        // Given
        change(add("ana", UserRole.ADMINISTRATOR));
        change(add("ben", UserRole.NONE));
        change(new UserChange.Add(UserDef.of("keys only", "", 1, UserRole.ADMINISTRATOR)));

        // Then
        assertThat(refusal(new UserChange.Remove("ana", false)).code()).isEqualTo(ErrorCode.NOT_ALLOWED);
        assertThat(refusal(new UserChange.SetRole("ana", UserRole.READER)).code())
                .isEqualTo(ErrorCode.NOT_ALLOWED);
        change(new UserChange.SetPassword("keys only", LoggedIn.VERIFIER, 2));
        change(new UserChange.SetRole("ana", UserRole.READER));
        change(new UserChange.Remove("ana", false));
        assertThat(refusal(new UserChange.Remove("keys only", false)).detail()).contains("make another first");
        change(new UserChange.Remove("keys only", true));
        assertThat(users.user("ben")).isNotNull();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "token", "$own", "a\nb"})
    void shouldRefuseNames(String name) {
        assertThat(refusal(add(name, UserRole.ADMINISTRATOR)).code()).isEqualTo(ErrorCode.INVALID_ARGUMENT);
    }

    @Test
    void shouldRefuseWhatIsThereOrIsNot() {
        change(add("ana", UserRole.ADMINISTRATOR));
        assertThat(refusal(add("ana", UserRole.ADMINISTRATOR)).code()).isEqualTo(ErrorCode.NAME_IN_USE);
        for (UserChange of : List.of(
                new UserChange.Remove("ben", false),
                new UserChange.SetPassword("ben", LoggedIn.VERIFIER, 1),
                new UserChange.SetRole("ben", UserRole.NONE),
                new UserChange.AddGrant("ben", ORDERS),
                new UserChange.RemoveGrant("ben", ORDERS),
                new UserChange.RemoveGrant("ana", ORDERS),
                new UserChange.AddKey("ben", KEY),
                new UserChange.RemoveKey("ben", KEY),
                new UserChange.RemoveKey("ana", KEY),
                new UserChange.AddToken(new TokenDef("id", "ben", "", 0, 0, List.of(), "")),
                new UserChange.RemoveToken("id"))) {
            assertThat(refusal(of).code()).as("%s", of).isEqualTo(ErrorCode.NOT_FOUND);
        }
        assertThat(refusal(new UserChange.SetPassword("ana", "plain", 1)).code())
                .isEqualTo(ErrorCode.INVALID_ARGUMENT);
    }

    @Test
    void shouldGrantAndRevokeOperationsOfAPattern() {
        // Given
        change(add("root", UserRole.ADMINISTRATOR));
        change(add("ana", UserRole.NONE));

        // When
        change(new UserChange.AddGrant("ana", Grant.of("orders.*", Operation.PUBLISH)));
        change(new UserChange.AddGrant("ana", Grant.of("orders.*", Operation.CONSUME)));
        change(new UserChange.AddGrant("ana", Grant.of("logs", Operation.BROWSE)));

        // Then
        assertThat(user("ana").grants()).containsExactly(ORDERS, Grant.of("logs", Operation.BROWSE));
        Users before = users;
        change(new UserChange.AddGrant("ana", Grant.of("orders.*", Operation.PUBLISH)));
        assertThat(users).isSameAs(before);
        change(new UserChange.RemoveGrant("ana", Grant.of("orders.*", Operation.CONSUME)));
        assertThat(user("ana").rights().allows(Operation.BROWSE, "/", "orders.a"))
                .isFalse();
        assertThat(user("ana").rights().allows(Operation.PUBLISH, "/", "orders.a"))
                .isTrue();
        change(new UserChange.RemoveGrant("ana", ORDERS));
        assertThat(user("ana").grants()).containsExactly(Grant.of("logs", Operation.BROWSE));
    }

    @Test
    void shouldBoundWhatAUserHas() {
        change(add("root", UserRole.ADMINISTRATOR));
        for (int i = 0; i < UserDef.GRANTS_MAX; i++) {
            change(new UserChange.AddGrant("root", Grant.of("t" + i, Operation.PUBLISH)));
        }
        assertThat(refusal(new UserChange.AddGrant("root", Grant.of("more", Operation.PUBLISH)))
                        .code())
                .isEqualTo(ErrorCode.LIMIT_REACHED);
        assertThat(refusal(new UserChange.AddKey("root", "short")).code()).isEqualTo(ErrorCode.INVALID_ARGUMENT);
        for (int i = 0; i < UserDef.KEYS_MAX; i++) {
            change(new UserChange.AddKey("root", i + KEY.substring(1)));
        }
        assertThat(refusal(new UserChange.AddKey("root", KEY)).code()).isEqualTo(ErrorCode.LIMIT_REACHED);
    }

    @Test
    void shouldGiveAKeyToOneUser() {
        change(add("root", UserRole.ADMINISTRATOR));
        change(add("ana", UserRole.NONE));
        change(new UserChange.AddKey("ana", KEY));
        assertThat(refusal(new UserChange.AddKey("root", KEY)).code()).isEqualTo(ErrorCode.NAME_IN_USE);
        assertThat(Objects.requireNonNull(users.byKey(KEY)).user()).isEqualTo("ana");
        change(new UserChange.Remove("ana", false));
        assertThat(users.byKey(KEY)).isNull();
        change(new UserChange.AddKey("root", KEY));
    }

    @Test
    void shouldEndTokensWithTheirUser() {
        change(add("root", UserRole.ADMINISTRATOR));
        change(add("ana", UserRole.NONE));
        Tokens.Made ofAna = token(1, "ana", 0);
        Tokens.Made ofRoot = token(2, "root", 0);
        change(new UserChange.Remove("ana", false));
        assertThat(byToken(ofAna, 0)).isNull();
        assertThat(byToken(ofRoot, 0)).isNotNull();
        assertThat(users.tokens()).hasSize(1);
    }

    // --- who somebody is

    @Test
    void shouldLetATokenDoNoMoreThanItsUserMay() {
        // Given
        change(add("root", UserRole.ADMINISTRATOR));
        change(add("ana", UserRole.NONE, Grant.of("orders.*", Operation.PUBLISH)));
        Tokens.Made wide = token(1, "ana", 0, new Grant("*", "*", Set.of(Operation.values())));
        Tokens.Made narrow = token(2, "root", 0, Grant.of("orders.*", Operation.PUBLISH));

        // When
        Rights ofWide = Objects.requireNonNull(byToken(wide, 0)).rights();
        Rights ofNarrow = Objects.requireNonNull(byToken(narrow, 0)).rights();

        // Then
        for (Rights rights : List.of(ofWide, ofNarrow)) {
            assertThat(rights.allows(Operation.PUBLISH, "/", "orders.a")).isTrue();
            assertThat(rights.allows(Operation.PUBLISH, "/", "other")).isFalse();
            assertThat(rights.allows(Operation.CONSUME, "/", "orders.a")).isFalse();
            assertThat(rights.allowsEverywhere(Operation.ADMINISTER)).isFalse();
            assertThat(rights.isAll()).isFalse();
        }
    }

    @Test
    void shouldKnowNoTokenButItsOwn() {
        // Given
        change(add("root", UserRole.ADMINISTRATOR));
        Tokens.Made token = token(1, "root", 1_000);

        // Then
        assertThat(byToken(token, 999)).isNotNull();
        assertThat(byToken(token, 1_000)).isNull();
        assertThat(byToken(Tokens.make(new Random(2)), 0)).isNull();
        Users others = users;
        users = Users.NONE;
        change(add("root", UserRole.ADMINISTRATOR));
        Tokens.Made foreign = new Tokens.Made(Tokens.make(new Random(3)).text(), token.id(), token.digest());
        assertThat(byToken(token, 0)).isNull();
        assertThat(others.byToken(foreign.text().getBytes(UTF_8), 0)).isNull();
        assertThat(others.hasExpiringTokens()).isTrue();
        assertThat(users.hasExpiringTokens()).isFalse();
    }

    private @Nullable Identity renewed(@Nullable Identity identity) {
        return users.renewed(Objects.requireNonNull(identity), 500);
    }

    @Test
    void shouldEndWhatHasLetSomebodyIn() {
        // Given
        Identity anonymous = new Identity("anonymous", Rights.ALL, Credential.NO_USERS);
        assertThat(renewed(anonymous)).isEqualTo(anonymous);
        change(add("root", UserRole.ADMINISTRATOR));
        change(add("ana", UserRole.NONE, ORDERS));
        change(new UserChange.AddKey("ana", KEY));
        Identity password = users.byPassword(user("ana"));
        Identity token = byToken(token(1, "ana", 0), 0);
        Identity brief = byToken(token(2, "ana", 500), 499);
        Identity key = users.byKey(KEY);
        Identity certificate = users.byCertificate("ana");
        Identity listener = users.byListener("ana");
        Identity listed = Identity.listed("publish");

        // Then
        assertThat(renewed(anonymous)).isNull();
        assertThat(renewed(brief)).isNull();
        for (Identity one : Arrays.asList(password, token, key, certificate, listener, listed, Identity.BROKER)) {
            assertThat(renewed(one)).isEqualTo(one);
        }
        change(new UserChange.SetPassword("ana", LoggedIn.VERIFIER, 1));
        assertThat(renewed(password)).isNull();
        change(new UserChange.AddGrant("ana", Grant.of("more", Operation.CONSUME)));
        for (Identity one : Arrays.asList(token, key, certificate, listener)) {
            assertThat(Objects.requireNonNull(renewed(one)).rights().allows(Operation.CONSUME, "/", "more"))
                    .isTrue();
        }
        change(new UserChange.RemoveKey("ana", KEY));
        assertThat(renewed(key)).isNull();
        change(new UserChange.SetRole("ana", UserRole.ADMINISTRATOR));
        assertThat(renewed(listener)).isNull();
        assertThat(users.byListener("ana")).isNull();
        change(new UserChange.RemoveToken(Tokens.make(new Random(1)).id()));
        assertThat(renewed(token)).isNull();
        change(new UserChange.Remove("ana", false));
        assertThat(renewed(certificate)).isNull();
        assertThat(renewed(listed)).isEqualTo(listed);
    }

    /** Made again with the same name, it is somebody else. */
    @Test
    void shouldNotTakeANewUserForTheOneBefore() {
        change(add("root", UserRole.ADMINISTRATOR));
        change(new UserChange.Add(UserDef.of("ana", LoggedIn.VERIFIER, 100, UserRole.NONE)));
        Identity before = users.byPassword(user("ana"));
        change(new UserChange.Remove("ana", false));
        change(new UserChange.Add(UserDef.of("ana", LoggedIn.VERIFIER, 200, UserRole.NONE)));
        assertThat(renewed(before)).isNull();
    }

    // --- bytes

    @Test
    void shouldReadWhatItWrote() {
        for (int seed = 0; seed < 200; seed++) {
            // Given
            users = Users.NONE;
            Random random = new Random(seed);
            change(add("root", UserRole.ADMINISTRATOR));
            for (int i = 0; i < 30; i++) {
                if (users.apply(random(random)) instanceof Result.Granted granted) {
                    users = granted.users();
                }
            }
            byte[] bytes = bytes(users);

            // When
            ByteReader in = new ByteReader(bytes);
            Users read = Users.decode(in);

            // Then
            assertThat(in.consumed()).isTrue();
            assertThat(read.users()).isEqualTo(users.users());
            assertThat(read.tokens()).isEqualTo(users.tokens());
            assertThat(bytes(read)).isEqualTo(bytes);
            int cut = random.nextInt(bytes.length);
            ByteReader part = new ByteReader(Arrays.copyOf(bytes, cut));
            Users.decode(part);
            assertThat(part.consumed()).as("seed %s cut at %s", seed, cut).isFalse();
        }
    }

    private static byte[] bytes(Users users) {
        ByteWriter out = new ByteWriter(256);
        users.encode(out);
        return out.toByteArray();
    }

    private static UserChange random(Random random) {
        String user = List.of("root", "ana", "ben", "cleo").get(random.nextInt(4));
        List<Operation> operations = new ArrayList<>(List.of(Operation.values()));
        operations.removeIf(one -> one == Operation.ADMINISTER || random.nextBoolean());
        Grant grant = new Grant(random.nextBoolean() ? "/" : "*", "t" + random.nextInt(3), Set.copyOf(operations));
        Tokens.Made token = Tokens.make(new Random(random.nextInt(5)));
        return switch (random.nextInt(9)) {
            case 0, 1 -> add(user, List.of(UserRole.values()).get(random.nextInt(4)), grant);
            case 2 -> new UserChange.Remove(user, random.nextInt(5) == 0);
            case 3 -> new UserChange.SetPassword(user, LoggedIn.VERIFIER, random.nextInt(1_000));
            case 4 -> new UserChange.SetRole(user, List.of(UserRole.values()).get(random.nextInt(4)));
            case 5 -> new UserChange.AddGrant(user, grant);
            case 6 -> new UserChange.RemoveGrant(user, grant);
            case 7 -> new UserChange.AddKey(user, random.nextInt(5) + KEY.substring(1));
            default ->
                new UserChange.AddToken(new TokenDef(
                        token.id(),
                        user,
                        token.digest(),
                        0,
                        random.nextInt(3),
                        List.of(grant),
                        "n" + random.nextInt(9)));
        };
    }
}
