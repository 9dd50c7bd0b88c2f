package dev.recado.core.topic;

import static dev.recado.core.topic.Changes.apply;
import static dev.recado.core.topic.Changes.bytes;
import static dev.recado.core.topic.Changes.decoded;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.recado.base.ByteReader;
import dev.recado.base.ByteWriter;
import dev.recado.core.group.GroupSettings;
import dev.recado.core.message.HeaderValue;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
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

    private static final Path FORMATS = Path.of("src/test/resources/format");
    /** Changes that version 1 has too. */
    private static final int VERSION_1_CHANGES = 10;

    private static final UUID UUID_1 = new UUID(0x0102030405060708L, 0x090a0b0c0d0e0f10L);

    private static final UUID UUID_2 = new UUID(5, 6);
    private static final UUID UUID_3 = new UUID(7, 8);

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
            new CatalogChange.Unbind(TopicName.of("x"), UUID_1, "k", Map.of()),
            new CatalogChange.CreateExchange(
                    TopicName.of("y"),
                    ExchangeType.FANOUT,
                    ExchangeSettings.DEFAULT
                            .with(ExchangeSettings.INTERNAL, true)
                            .with(ExchangeSettings.AUTO_DELETE, true)
                            .with(ExchangeSettings.DURABLE, false)
                            .with(ExchangeSettings.ALTERNATE, "x"),
                    true),
            new CatalogChange.Bind(
                    TopicName.of("x"),
                    new CatalogChange.Target.ToExchange(TopicName.of("y")),
                    "k",
                    Map.of(
                            "bytes", new HeaderValue.Bytes(new byte[] {1, -1}),
                            "flag", new HeaderValue.Flag(true),
                            "number", new HeaderValue.Decimal(new BigDecimal("-12.50")),
                            "present", new HeaderValue.Present(),
                            "text", new HeaderValue.Text("ñ"))),
            new CatalogChange.Unbind(
                    TopicName.of("x"), new CatalogChange.Target.ToExchange(TopicName.of("y")), "k", Map.of()),
            new CatalogChange.EndTransientExchanges(),
            new CatalogChange.CreateTopic(
                    TopicName.of("rack"),
                    UUID_2,
                    TopicSettings.DEFAULT.with(TopicSettings.KIND, TopicKind.QUEUE),
                    GroupSettings.DEFAULT.with(GroupSettings.MAX_DELIVERIES, 7),
                    false),
            new CatalogChange.CreateTopic(
                    TopicName.of("brief"),
                    UUID_3,
                    TopicSettings.DEFAULT
                            .with(TopicSettings.TRANSIENT, true)
                            .with(TopicSettings.AUTO_DELETE, true)
                            .with(TopicSettings.EXPIRES, 60_000)
                            .with(TopicSettings.EXCLUSIVE, true),
                    false),
            new CatalogChange.CreateTopic(
                    TopicName.of("mortal"),
                    new UUID(9, 11),
                    TopicSettings.DEFAULT
                            .with(DeadLetterRoute.EXCHANGE, "graves")
                            .with(DeadLetterRoute.KEY, ""),
                    false),
            new CatalogChange.CreateNamespace("shop"),
            new CatalogChange.DeleteNamespace("shop", true),
            new CatalogChange.CreateTopic(
                    TopicName.of("noted"), new UUID(9, 12), TopicSettings.DEFAULT.with(TopicNote.KEY, "so"), false));

    private static final UUID UUID_OF_SHOP = new UUID(9, 10);
    private static final CatalogChange IN_SHOP =
            new CatalogChange.CreateTopic(new TopicName("shop", "orders"), UUID_OF_SHOP, TopicSettings.DEFAULT, false);

    /** A line for each change, and one for the catalog: name and bytes. */
    private static List<String> written() {
        List<String> lines = new ArrayList<>();
        CHANGES.forEach(change -> lines.add(
                change.getClass().getSimpleName() + " " + HexFormat.of().formatHex(bytes(change))));
        lines.add("Catalog " + HexFormat.of().formatHex(bytes(golden())));
        return lines;
    }

    /** With {@code -Drecado.write-pages=true} it writes the file, which is for a new version only. */
    @Test
    void shouldWriteAsTheFormatSays() throws IOException {
        // Given
        Path file = FORMATS.resolve("catalog-2.hex");
        if (Boolean.getBoolean("recado.write-pages")) {
            Files.write(file, written());
        }

        // When
        List<String> lines = Files.readAllLines(file);

        // Then
        assertThat(written()).isEqualTo(lines);
        assertThat(changesOf(lines)).isEqualTo(CHANGES);
        assertThat(bytes(catalogOf(lines))).isEqualTo(bytes(golden()));
    }

    @Test
    void shouldWriteNamespacesBehindTheRestWhereThereAreOthers() {
        // Given
        Catalog plain = golden();

        // When
        Catalog more = apply(apply(plain, new CatalogChange.CreateNamespace("shop")), IN_SHOP);
        Catalog read = Objects.requireNonNull(decoded(bytes(more)));

        // Then
        assertThat(read.namespaces()).containsExactly("/", "shop");
        assertThat(Objects.requireNonNull(read.topic(new TopicName("shop", "orders")))
                        .uuid())
                .isEqualTo(UUID_OF_SHOP);
        assertThat(Objects.requireNonNull(read.topic(TopicName.of("orders"))).uuid())
                .isEqualTo(UUID_1);
        assertThat(bytes(read)).isEqualTo(bytes(more));
        byte[] last = bytes(apply(more, new CatalogChange.DeleteNamespace("shop", true)));
        assertThat(HexFormat.of().formatHex(last)).doesNotContain(HexFormat.of().formatHex("shop".getBytes(UTF_8)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"00", "01012f", "020161", "02016201 61", "0201610161", "01022424", "0100"})
    void shouldRefuseNamespacesThatTheRulesWouldNot(String tail) {
        // Given
        byte[] good = bytes(golden());
        byte[] more = HexFormat.of().parseHex(tail.replace(" ", ""));

        // When
        byte[] bad = Arrays.copyOf(good, good.length + more.length);
        System.arraycopy(more, 0, bad, good.length, more.length);

        // Then
        assertThat(decoded(bad)).isNull();
    }

    @Test
    void shouldRefuseATopicInANamespaceThatIsNotThere() {
        // Given
        Catalog more = apply(apply(Catalog.empty(8), new CatalogChange.CreateNamespace("shop")), IN_SHOP);
        byte[] bytes = bytes(more);

        // When, Then: without its last six bytes, the count and the name
        assertThat(decoded(Arrays.copyOf(bytes, bytes.length - 6))).isNull();
    }

    @Test
    void shouldReadVersion1() throws IOException {
        // When
        List<String> lines = Files.readAllLines(FORMATS.resolve("catalog-1.hex"));

        // Then
        assertThat(changesOf(lines)).isEqualTo(CHANGES.subList(0, VERSION_1_CHANGES));
        assertThat(bytes(catalogOf(lines))).isEqualTo(bytes(goldenOf(0, 3, 6, 8)));
    }

    private static List<CatalogChange> changesOf(List<String> lines) {
        return lines.subList(0, lines.size() - 1).stream()
                .map(line -> Objects.requireNonNull(CatalogChange.decode(new ByteReader(hex(line)))))
                .toList();
    }

    private static Catalog catalogOf(List<String> lines) {
        return Objects.requireNonNull(decoded(hex(lines.get(lines.size() - 1))));
    }

    private static byte[] hex(String line) {
        return HexFormat.of().parseHex(line.substring(line.indexOf(' ') + 1));
    }

    @Test
    void shouldRefuseAVersionThatItDoesNotKnow() {
        for (int version : new int[] {0, 3, 255}) {
            // Given
            byte[] change = bytes(CHANGES.get(5));
            byte[] catalog = bytes(golden());

            // When
            change[0] = (byte) version;
            catalog[0] = (byte) version;

            // Then
            assertThat(CatalogChange.decode(new ByteReader(change))).isNull();
            assertThat(decoded(catalog)).isNull();
        }
    }

    private static Catalog golden() {
        return goldenOf(0, 3, 6, 8, 10, 11, 14, 15);
    }

    private static Catalog goldenOf(int... changes) {
        Catalog catalog = Catalog.empty(8);
        for (int i : changes) {
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
                mutant.exchanges().forEach(exchange -> exchange.bindings().forEach(binding -> assertThat(
                                binding.leadsToExchange()
                                        ? mutant.exchange(binding.exchangeId())
                                        : mutant.topic(binding.topicId()))
                        .isNotNull()));
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
