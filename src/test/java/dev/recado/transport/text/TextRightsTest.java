package dev.recado.transport.text;

import static org.assertj.core.api.Assertions.assertThat;

import dev.recado.broker.AccessNeeds;
import dev.recado.security.Authenticator;
import dev.recado.security.Grant;
import dev.recado.security.Identity;
import dev.recado.security.Operation;
import dev.recado.security.Rights;
import dev.recado.transport.SlowAuthenticator;
import io.vertx.core.Future;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Every command with and without each right that it needs: refused, it has done nothing. */
class TextRightsTest {

    /**
     * Command and needs. There are the topics {@code orders} (with the group {@code g}), {@code other} and {@code
     * default} and the exchange {@code news}, which leads to {@code orders}; {@code fresh} is not there. A {@code /}
     * stands for a line end.
     */
    static final String TABLE = """
            PUB:orders:1/x                      => publish orders
            PUB:fresh:1/x                       => publish fresh, configure fresh
            PUBL:orders:x                       => publish orders
            PUBL:fresh:x                        => publish fresh, configure fresh
            SEND:x                              => publish default
            XPUB:news:k::1/x                    => publish news
            XPUB::orders::1/x                   => publish orders
            XPUB::orders::other:1/x             => publish orders, publish other
            REQ:orders:1000:1/x                 => publish orders
            REQ:fresh:1000:1/x                  => publish fresh, configure fresh
            PRODUCER:p:1                        => publish
            REGISTER:PRODUCER                   => publish default
            REGISTER:CONSUMER                   => consume default
            REGISTER:CONSUMER:c1:g1             => consume default
            SUB:orders:g                        => consume orders
            SUB:orders                          => consume orders
            SUB:orders:*                        => consume orders
            SUB:orders.#                        => consume orders*
            SUB:#                               => consume *
            SUB:fresh:g                         => consume fresh, configure fresh
            TOPIC:CREATE:fresh                  => configure fresh
            TOPIC:ALTER:orders:limit.messages=9 => configure orders
            TOPIC:DELETE:orders                 => configure orders
            TOPIC:PURGE:orders                  => configure orders
            TOPIC:DESCRIBE:orders               => monitor orders
            BROWSE:orders:first:1               => browse orders
            GROUP:CREATE:orders:h               => configure orders
            GROUP:CREATE:orders:h:dead-letter=other => configure orders, consume orders, publish other
            GROUP:ALTER:orders:g:lease-ms=500   => configure orders
            GROUP:ALTER:orders:g:dead-letter=other => configure orders, consume orders, publish other
            GROUP:RESET:orders:g:first          => configure orders
            GROUP:DELETE:orders:g               => configure orders
            GROUP:LIST:orders                   => monitor orders
            GROUP:MEMBERS:orders:g              => monitor orders
            EXCHANGE:CREATE:flash:fanout        => configure flash
            EXCHANGE:CREATE:flash:fanout:alternate=news => configure flash, consume flash, publish news
            EXCHANGE:DELETE:news                => configure news
            EXCHANGE:BIND:news:news:k           => consume news, publish news
            EXCHANGE:UNBIND:news:news:k         => consume news, publish news
            BIND:news:other:k                   => consume news, publish other
            UNBIND:news:orders:                 => consume news, publish orders
            SESSION:LIST                        => administer
            SESSION:CLOSE:1                     => administer
            NAMESPACE:CREATE:fresh              => administer
            NAMESPACE:DELETE:shop               => administer
            USER:ADD:eva:administrator:x        => administer
            USER:LIST                           => administer
            TOKEN:LIST                          => administer
            STATS                               => monitor
            """;

    /** Verbs that ask nothing of the broker that could be refused. */
    private static final Map<String, Set<Verb>> FREE = Map.of(
            "of a subscription that SUB or REGISTER took",
            Set.of(
                    Verb.ACK,
                    Verb.ACK_DURABLY,
                    Verb.NACK,
                    Verb.REJECT,
                    Verb.EXTEND,
                    Verb.CREDIT,
                    Verb.CEASE,
                    Verb.UNSUB,
                    Verb.REPLY,
                    Verb.GET),
            "of the session itself",
            Set.of(
                    Verb.HELLO,
                    Verb.AUTH,
                    Verb.PING,
                    Verb.HELP,
                    Verb.QUIT,
                    Verb.CONFIRM,
                    Verb.BEGIN,
                    Verb.COMMIT,
                    Verb.ROLLBACK,
                    Verb.HEARTBEAT,
                    Verb.UNKNOWN));

    private Identity ana = Identity.NOBODY;

    /** {@code root} may everything, {@code ana} what the test says. */
    private final Authenticator users = new SlowAuthenticator(null) {
        @Override
        public Future<@Nullable Identity> authenticate(String virtualHost, String user, byte[] password) {
            return Future.succeededFuture(user.equals("root") ? new Identity("root", Rights.ALL) : ana);
        }
    };

    private static List<String[]> rows() {
        return TABLE.lines().map(line -> line.split(" +=> ")).toList();
    }

    private Stage stage(List<Grant> grants) {
        ana = new Identity("ana", new Rights(grants));
        Stage stage = new Stage(Stage.DEFAULT, users);
        stage.play("""
                R> AUTH:root:x
                R< OK:AUTH
                R> NAMESPACE:CREATE:shop
                R< OK:NAMESPACE:CREATE:shop
                R> TOPIC:CREATE:orders
                R< OK:TOPIC:CREATE:orders
                R> TOPIC:CREATE:other
                R< OK:TOPIC:CREATE:other
                R> TOPIC:CREATE:default
                R< OK:TOPIC:CREATE:default
                R> GROUP:CREATE:orders:g
                R< OK:GROUP:CREATE:orders:g
                R> SUB:orders:g
                R< OK:SUB:1
                R> EXCHANGE:CREATE:news:fanout
                R< OK:EXCHANGE:CREATE:news
                R> BIND:news:orders:
                R< OK:BIND:news:orders
                R> EXCHANGE:BIND:news:news:k
                R< OK:EXCHANGE:BIND:news:news
                A> AUTH:ana:x
                A< OK:AUTH
                """);
        return stage;
    }

    private static String answer(Stage stage, String command) {
        stage.send("A", command.replace('/', '\n') + "\n");
        stage.broker.turn();
        return stage.wire("A").rest();
    }

    /** What a command could have changed. */
    private static String state(Stage stage) {
        StringBuilder state = new StringBuilder("catalog " + stage.broker.catalog.version());
        stage.broker.catalog.topics().forEach(topic -> state.append(' ')
                .append(topic)
                .append(stage.broker.log(topic).partitions)
                .append(stage.broker.log(topic).groups.keySet())
                .append(stage.broker.log(topic).taps));
        return state.append(stage.broker.patterns)
                .append(stage.broker.producers)
                .append(stage.wire("R").closed)
                .toString();
    }

    @TestFactory
    Stream<DynamicTest> shouldRefuseWithoutEachRightAndDoNothing() {
        return rows().stream().flatMap(row -> AccessNeeds.of(row[1]).stream()
                .map(missing -> DynamicTest.dynamicTest(row[0] + " without " + missing, () -> {
                    Stage stage = stage(AccessNeeds.without(missing, AccessNeeds.of(row[1]), name -> name));
                    String before = state(stage);
                    String word = missing.split(" ")[0];
                    assertThat(answer(stage, row[0])).startsWith("ERROR:Not authorized: right=" + word + " ");
                    assertThat(state(stage)).isEqualTo(before);
                })));
    }

    @TestFactory
    Stream<DynamicTest> shouldAllowWithTheRightsAlone() {
        return rows().stream()
                .map(row -> DynamicTest.dynamicTest(row[0] + " with " + row[1], () -> {
                    Stage stage = stage(AccessNeeds.grants(AccessNeeds.of(row[1]), name -> name));
                    assertThat(answer(stage, row[0])).doesNotContain("ERROR");
                }));
    }

    @TestFactory
    Stream<DynamicTest> shouldRefuseEverythingBeforeALogin() {
        return rows().stream()
                .map(row -> DynamicTest.dynamicTest(row[0], () -> {
                    Stage stage = new Stage(Stage.DEFAULT, users);
                    String before = stage.broker.catalog.version() + " " + stage.broker.logs;
                    stage.wire("R");
                    assertThat(answer(stage, row[0])).startsWith("ERROR:Not authenticated: ");
                    assertThat(stage.broker.catalog.version() + " " + stage.broker.logs)
                            .isEqualTo(before);
                }));
    }

    @Test
    void shouldHaveARowForEveryVerb() {
        // Given
        Set<String> known = new TreeSet<>();
        rows().forEach(row -> known.add(row[0].split(":")[0]));
        FREE.values().forEach(verbs -> verbs.forEach(verb -> known.add(verb.name())));

        // Then
        assertThat(known)
                .containsExactlyInAnyOrderElementsOf(
                        Arrays.stream(Verb.values()).map(Enum::name).toList());
    }

    @Test
    void shouldListWhatSomethingMayBeDoneWith() {
        // Given
        Stage stage = stage(List.of(Grant.of("ord*", Operation.PUBLISH), Grant.of("news", Operation.CONSUME)));
        stage.play("""
                R> BIND:news:other:k
                R< OK:BIND:news:other
                """);

        // Then
        assertThat(answer(stage, "TOPIC:LIST"))
                .contains("\"orders\"")
                .doesNotContain("\"other\"")
                .endsWith("}\n.\n");
        assertThat(answer(stage, "EXCHANGE:LIST"))
                .contains("\"news\"", "\"orders\"")
                .doesNotContain("\"other\"");
    }
}
