package dev.recado.core.topic;

import static dev.recado.core.topic.Changes.apply;
import static dev.recado.core.topic.Changes.bytes;
import static dev.recado.core.topic.Changes.decoded;
import static org.assertj.core.api.Assertions.assertThat;

import dev.recado.base.ByteReader;
import dev.recado.core.topic.CatalogChange.ChangeUsers;
import dev.recado.security.Grant;
import dev.recado.security.Operation;
import dev.recado.security.TokenDef;
import dev.recado.security.UserChange;
import dev.recado.security.UserDef;
import dev.recado.security.UserRole;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Users and tokens as changes and catalogs have them. */
class UsersFormatTest {

    private static final Path FILE = Path.of("src/test/resources/format/users-2.hex");
    private static final String VERIFIER = "$argon2id$v=19$m=8,t=1,p=1$c2FsdHNhbHQ$aGFzaGhhc2hoYXNoaGFzaA";
    private static final String KEY = "Yne@$w-vo<fVvi]a<NY6T1ed:M$fCG*[IaLV{hID";
    private static final Grant ORDERS = Grant.of("orders.*", Operation.PUBLISH, Operation.CONSUME);
    private static final Grant SHOP = new Grant("shop", "*", Set.of(Operation.BROWSE, Operation.CONFIGURE));
    private static final Grant NODE = new Grant("*", "*", Set.of(Operation.ADMINISTER, Operation.MONITOR));

    private static final List<UserChange> CHANGES = List.of(
            new UserChange.Add(UserDef.of("ana", VERIFIER, 1_700_000_000_000L, UserRole.ADMINISTRATOR)),
            new UserChange.Add(new UserDef("ben", "", 7, UserRole.NONE, List.of(ORDERS, SHOP), List.of(KEY))),
            new UserChange.Add(new UserDef("ops ö", VERIFIER, 8, UserRole.OPERATOR, List.of(NODE), List.of())),
            new UserChange.SetPassword("ben", VERIFIER, 9),
            new UserChange.SetRole("ben", UserRole.READER),
            new UserChange.AddGrant("ben", new Grant("*", "logs", Set.of(Operation.MONITOR))),
            new UserChange.RemoveGrant("ben", Grant.of("orders.*", Operation.CONSUME)),
            new UserChange.RemoveKey("ben", KEY),
            new UserChange.AddKey("ana", KEY),
            new UserChange.AddToken(
                    new TokenDef("0123abcd", "ana", "00ff", 1, 1_800_000_000_000L, List.of(ORDERS), "nightly")),
            new UserChange.AddToken(new TokenDef("00000000", "ben", "ff00", 2, 0, List.of(), "")),
            new UserChange.RemoveToken("00000000"),
            new UserChange.Remove("ops ö", false),
            new UserChange.Remove("nobody", true));

    private static Catalog catalog(int changes) {
        Catalog catalog = Catalog.empty(8);
        for (UserChange change : CHANGES.subList(0, changes)) {
            catalog = apply(catalog, new ChangeUsers(change));
        }
        return catalog;
    }

    private static List<String> written() {
        List<String> lines = new ArrayList<>();
        for (UserChange change : CHANGES) {
            lines.add(
                    change.getClass().getSimpleName() + " " + HexFormat.of().formatHex(bytes(new ChangeUsers(change))));
        }
        lines.add("Catalog " + HexFormat.of().formatHex(bytes(catalog(11))));
        return lines;
    }

    /** With {@code -Drecado.write-pages=true} it writes the file, which is for a new version only. */
    @Test
    void shouldWriteAsTheFormatSays() throws IOException {
        // Given
        if (Boolean.getBoolean("recado.write-pages")) {
            Files.write(FILE, written());
        }

        // When
        List<String> lines = Files.readAllLines(FILE);

        // Then
        assertThat(written()).isEqualTo(lines);
        for (int i = 0; i < CHANGES.size(); i++) {
            assertThat(CatalogChange.decode(new ByteReader(hex(lines.get(i)))))
                    .isEqualTo(new ChangeUsers(CHANGES.get(i)));
        }
    }

    private static byte[] hex(String line) {
        return HexFormat.of().parseHex(line.substring(line.indexOf(' ') + 1));
    }

    @Test
    void shouldReadWhatItWroteAtEachStep() {
        for (int changes = 1; changes < CHANGES.size(); changes++) {
            // Given
            Catalog catalog = catalog(changes);

            // When
            Catalog read = Objects.requireNonNull(decoded(bytes(catalog)));

            // Then
            assertThat(read.users().users()).isEqualTo(catalog.users().users());
            assertThat(read.users().tokens()).isEqualTo(catalog.users().tokens());
            assertThat(bytes(read)).isEqualTo(bytes(catalog));
        }
    }

    @Test
    void shouldWriteNothingOfThemWhereThereAreNone() {
        assertThat(bytes(catalog(0))).isEqualTo(bytes(Catalog.empty(8)));
    }

    @Test
    void shouldKeepNamespacesBesideThem() {
        // Given
        Catalog catalog = apply(catalog(2), new CatalogChange.CreateNamespace("shop"));

        // When
        Catalog read = Objects.requireNonNull(decoded(bytes(catalog)));

        // Then
        assertThat(read.namespaces()).containsExactly("/", "shop");
        assertThat(read.users().count()).isEqualTo(2);
    }

    @Test
    void shouldRefuseEveryPartOfOne() {
        // Given
        byte[] whole = bytes(catalog(11));
        int bare = bytes(Catalog.empty(8)).length;

        // Then
        for (int length = bare + 1; length < whole.length; length++) {
            assertThat(decoded(Arrays.copyOf(whole, length)))
                    .as("length %s", length)
                    .isNull();
        }
        for (UserChange change : CHANGES) {
            byte[] bytes = bytes(new ChangeUsers(change));
            for (int length = 2; length < bytes.length; length++) {
                assertThat(CatalogChange.decode(new ByteReader(Arrays.copyOf(bytes, length))))
                        .as("length %s of %s", length, change)
                        .isNull();
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"020e", "020e00", "020e0b", "020eff", "020e0a"})
    void shouldRefuseChangesThatItDoesNotKnow(String hex) {
        assertThat(CatalogChange.decode(new ByteReader(HexFormat.of().parseHex(hex))))
                .isNull();
    }
}
