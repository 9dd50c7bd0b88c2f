package dev.recado.core.topic;

import static dev.recado.core.topic.Changes.apply;
import static dev.recado.core.topic.Changes.bytes;
import static dev.recado.core.topic.Changes.decoded;
import static org.assertj.core.api.Assertions.assertThat;

import dev.recado.base.ByteReader;
import dev.recado.base.ByteWriter;
import dev.recado.core.group.GroupSettings;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The bytes on disk: a change here is a new version of the format, see {@code src/site/markdown/format/catalog.md}. */
class CatalogCodecTest {

    private static final UUID UUID_1 = new UUID(0x0102030405060708L, 0x090a0b0c0d0e0f10L);

    private static final List<CatalogChange> CHANGES = List.of(
            new CatalogChange.CreateTopic(TopicName.of("orders"), UUID_1, TopicSettings.DEFAULT, true),
            new CatalogChange.AlterTopic(UUID_1, TopicSettings.DEFAULT),
            new CatalogChange.DeleteTopic(UUID_1),
            new CatalogChange.CreateGroup(
                    UUID_1, "g", GroupKind.PRIVATE, GroupSettings.DEFAULT, new StartPosition.AtOffset(300), 5, false),
            new CatalogChange.AlterGroup(7, GroupSettings.DEFAULT),
            new CatalogChange.DeleteGroup(300),
            new CatalogChange.CreateExchange(TopicName.of("x"), ExchangeType.HEADERS),
            new CatalogChange.DeleteExchange(TopicName.of("x")),
            new CatalogChange.Bind(TopicName.of("x"), UUID_1, "k", Map.of("b", "2", "a", "1")),
            new CatalogChange.Unbind(TopicName.of("x"), UUID_1, "k", Map.of()));

    private static final List<String> CHANGES_HEX = List.of(
            "0101012f066f72646572730102030405060708090a0b0c0d0e0f1000000000018188b2a002818080"
                    + "8004000080808008000001",
            "01020102030405060708090a0b0c0d0e0f1000000000018188b2a002818080800400008080800800" + "00",
            "01030102030405060708090a0b0c0d0e0f10",
            "01040102030405060708090a0b0c0d0e0f100167020001b0ea011064904e0003ac020500",
            "0105070001b0ea011064904e00",
            "0106ac02",
            "0107012f017803",
            "0108012f0178",
            "0109012f01780102030405060708090a0b0c0d0e0f10016b020161013101620132",
            "010a012f01780102030405060708090a0b0c0d0e0f10016b00");

    private static final String CATALOG_HEX =
            "0108050303030202010102030405060708090a0b0c0d0e0f10012f066f7264657273000000000181"
                    + "88b2a002818080800400008080800800000101010167020001b0ea011064904e0003ac0205020000"
                    + "0000000000010000000000000002012f046a6f6273010101010100000aac02010109020102057175"
                    + "657565000001b0ea011064904e0000000101012f0178030101016b020161013101620132";

    @Test
    void shouldWriteChangesAsTheFormatSays() {
        // Given the changes
        // When
        List<String> written = CHANGES.stream()
                .map(change -> HexFormat.of().formatHex(bytes(change)))
                .toList();

        // Then
        assertThat(written).isEqualTo(CHANGES_HEX);
        List<CatalogChange> read = CHANGES_HEX.stream()
                .map(hex -> CatalogChange.decode(new ByteReader(HexFormat.of().parseHex(hex))))
                .toList();
        assertThat(read).isEqualTo(CHANGES);
    }

    @Test
    void shouldWriteTheCatalogAsTheFormatSays() {
        // Given
        Catalog catalog = golden();

        // When
        String written = HexFormat.of().formatHex(bytes(catalog));

        // Then
        assertThat(written).isEqualTo(CATALOG_HEX);
        assertThat(bytes(Objects.requireNonNull(decoded(HexFormat.of().parseHex(CATALOG_HEX)))))
                .isEqualTo(bytes(catalog));
    }

    private static Catalog golden() {
        Catalog catalog = Catalog.empty(8);
        for (int i : new int[] {0, 3, 6, 8}) {
            catalog = apply(catalog, CHANGES.get(i));
        }
        return apply(
                catalog,
                new CatalogChange.CreateTopic(
                        TopicName.of("jobs"),
                        new UUID(1, 2),
                        TopicSettings.DEFAULT
                                .with(TopicSettings.KIND, TopicKind.QUEUE)
                                .with(TopicSettings.DURABILITY, Durability.OS)
                                .with(TopicSettings.RETENTION_TIME, -1)
                                .with(TopicSettings.RETENTION_BYTES, -1)
                                .with(TopicSettings.RETENTION_FORCE, true)
                                .with(TopicSettings.LIMIT_MESSAGES, 10)
                                .with(TopicSettings.LIMIT_BYTES, 300)
                                .with(TopicSettings.LIMIT_MESSAGE_BYTES, 1)
                                .with(TopicSettings.OVERFLOW, Overflow.REJECT)
                                .with(TopicSettings.TTL, 0)
                                .with(TopicSettings.PRIORITIES, 9),
                        false));
    }

    @Test
    void shouldPutPartitionsWhereTheFormatSays() {
        // Given, When
        List<Integer> shards = new ArrayList<>();
        for (int index = 0; index < 4; index++) {
            shards.add(Partition.shardOf(UUID_1, index, 8));
        }
        shards.add(Partition.shardOf(new UUID(1, 2), 0, 8));

        // Then
        assertThat(shards).containsExactly(7, 0, 1, 2, 6);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6})
    void shouldReachTheSameBytesByReplayingBytes(long seed) {
        // Given
        Random random = new Random(seed);
        Catalog catalog = Catalog.empty(8);
        Catalog replayed = Catalog.empty(8);

        // When
        for (int i = 0; i < 1_500; i++) {
            CatalogChange change = Changes.random(random, catalog);
            CatalogResult result = catalog.apply(change);
            if (result instanceof CatalogResult.Applied applied) {
                catalog = applied.catalog();
            }
            CatalogChange read = Objects.requireNonNull(CatalogChange.decode(new ByteReader(bytes(change))));
            assertThat(read).isEqualTo(change);
            if (replayed.apply(read) instanceof CatalogResult.Applied applied) {
                replayed = applied.catalog();
            }
            if (i % 100 == 0) {
                replayed = Objects.requireNonNull(decoded(bytes(replayed)));
            }

            // Then
            assertThat(replayed.version()).isEqualTo(catalog.version());
        }
        assertThat(catalog.version()).isGreaterThan(300);
        assertThat(bytes(replayed)).isEqualTo(bytes(catalog));
    }

    @Test
    void shouldNeverThrowForGarbage() {
        // Given
        Random random = new Random(11);
        Catalog catalog = Catalog.empty(8);
        for (int i = 0; i < 200; i++) {
            if (catalog.apply(Changes.random(random, catalog)) instanceof CatalogResult.Applied applied) {
                catalog = applied.catalog();
            }
        }
        byte[] good = bytes(catalog);
        int understood = 0;

        // When
        for (int i = 0; i < 5_000; i++) {
            Catalog mutant = decoded(mutated(random, good));
            if (mutant != null) {
                understood++;
                assertThat(decoded(bytes(mutant))).isNotNull();
            }
            CatalogChange.decode(new ByteReader(mutated(random, bytes(CHANGES.get(i % CHANGES.size())))));
        }

        // Then
        assertThat(understood).isPositive();
    }

    @Test
    void shouldRefuseWhatIsCutOrTooLong() {
        // Given
        byte[] catalog = bytes(golden());

        // When, Then
        for (int length = 0; length < catalog.length; length++) {
            assertThat(decoded(Arrays.copyOf(catalog, length))).isNull();
        }
        assertThat(decoded(Arrays.copyOf(catalog, catalog.length + 1))).isNull();
        for (CatalogChange change : CHANGES) {
            byte[] bytes = bytes(change);
            for (int length = 0; length < bytes.length; length++) {
                assertThat(CatalogChange.decode(new ByteReader(Arrays.copyOf(bytes, length))))
                        .isNull();
            }
            assertThat(CatalogChange.decode(new ByteReader(Arrays.copyOf(bytes, bytes.length + 1))))
                    .isNull();
        }
    }

    @Test
    void shouldReadBackEveryPositionAndSetting() {
        // Given
        Random random = new Random(3);
        for (int i = 0; i < 1_000; i++) {
            StartPosition position = Changes.position(random);
            TopicSettings settings = Changes.settings(random);
            ByteWriter out = new ByteWriter(16);

            // When
            position.encode(out);
            settings.encode(out);

            // Then
            ByteReader in = new ByteReader(out.toByteArray());
            assertThat(StartPosition.decode(in)).isEqualTo(position);
            assertThat(TopicSettings.decode(in)).isEqualTo(settings);
            assertThat(in.consumed()).isTrue();
            assertThat(StartPosition.parse(position.text())).isEqualTo(position);
        }
    }

    private static byte[] mutated(Random random, byte[] good) {
        byte[] bytes = good.clone();
        int flips = 1 + random.nextInt(3);
        for (int i = 0; i < flips; i++) {
            bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
        }
        return random.nextInt(4) == 0 ? Arrays.copyOf(bytes, random.nextInt(bytes.length)) : bytes;
    }
}
