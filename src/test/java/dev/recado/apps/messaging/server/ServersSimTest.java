package dev.recado.apps.messaging.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.recado.apps.messaging.history.Histories;
import dev.recado.apps.messaging.history.HistoryEntry;
import dev.recado.apps.messaging.wire.Envelope;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** Three servers under losses, reordering and restarts: the same histories everywhere afterwards. */
class ServersSimTest {

    private static final Pattern ROUND =
            Pattern.compile("clock round=\\d+ answers=2 spread_ms=(\\d+) round_trip_ms_max=(\\d+)");

    private static final int SEEDS = 1_000;

    @Test
    void shouldHaveTheSameHistoriesWhateverWasLost() {
        int restarts = 0;
        for (long seed = 0; seed < SEEDS; seed++) {
            restarts += run(seed, 20);
        }
        // A simulation in which nobody dies would prove little.
        assertThat(restarts).isGreaterThan(SEEDS / 2);
    }

    @Test
    void shouldComeOutTheSameWhenRunAgain() {
        assertThat(run(4711, 100)).isEqualTo(run(4711, 100));
    }

    private static int run(long seed, int rounds) {
        // Given
        SimServers servers = new SimServers(seed, 3, seed % 2 == 0 ? 0.01 : 0.2);
        Random random = new Random(seed);
        List<String> ids = new ArrayList<>();
        send(servers, random, "ana", "login", "l-ana", Map.of());
        send(servers, random, "rui", "login", "l-rui", Map.of());
        servers.run(500);
        send(servers, random, "ana", "channel", "c-1", Map.of("channel", "news"));

        // When
        for (int i = 0; i < rounds; i++) {
            String id = "m-" + i;
            ids.add(id);
            String user = random.nextBoolean() ? "ana" : "rui";
            boolean publishes = random.nextInt(3) > 0;
            Map<String, Object> fields = publishes
                    ? Map.of("channel", "news", "text", "text " + i)
                    : Map.of("to", user.equals("ana") ? "rui" : "ana", "text", "text " + i);
            send(servers, random, user, publishes ? "publish" : "message", id, fields);
            if (random.nextInt(4) == 0) {
                // As a client does that missed the answer, to whatever server comes next.
                send(servers, random, user, publishes ? "publish" : "message", id, fields);
            }
            servers.run(random.nextInt(60));
        }
        servers.heal();
        servers.run(7_000);

        // Then
        Histories first = servers.histories("server-1");
        for (String name : servers.names()) {
            Histories other = servers.histories(name);
            assertThat(other.publications().all())
                    .as("seed=%s %s", seed, name)
                    .containsExactlyElementsOf(first.publications().all());
            assertThat(other.messages().all())
                    .as("seed=%s %s", seed, name)
                    .containsExactlyElementsOf(first.messages().all());
            assertThat(other.users()).isEqualTo(first.users());
            assertThat(other.channels()).isEqualTo(first.channels());
            assertThat(servers.coordinator(name)).as("seed=%s %s", seed, name).isEqualTo("server-1");
        }
        Set<String> there = new HashSet<>();
        first.publications().all().forEach(entry -> assertThat(there.add(entry.id()))
                .isTrue());
        first.messages().all().forEach(entry -> assertThat(there.add(entry.id()))
                .isTrue());
        ids.stream()
                .filter(id -> isAcknowledged(servers, id))
                .forEach(id -> assertThat(there).as("seed=%s", seed).contains(id));
        return servers.restarts();
    }

    private static boolean isAcknowledged(SimServers servers, String id) {
        Envelope answer = servers.answer(id);
        return answer != null && answer.isOk();
    }

    private static void send(
            SimServers servers, Random random, String user, String service, String id, Map<String, Object> fields) {
        servers.request("server-" + (1 + random.nextInt(3)), user, service, id, fields);
    }

    @Test
    void shouldElectTheNextInRankAndGiveBackToTheFirst() {
        // Given
        SimServers servers = new SimServers(1, 3, 0);
        servers.heal();
        servers.run(5_000);
        assertThat(servers.names()).allMatch(name -> servers.coordinator(name).equals("server-1"));

        // When
        servers.kill("server-1");
        servers.run(6_000);

        // Then
        assertThat(servers.coordinator("server-2")).isEqualTo("server-2");
        assertThat(servers.coordinator("server-3")).isEqualTo("server-2");

        // When
        servers.start("server-1");
        servers.run(6_000);

        // Then
        assertThat(servers.names()).allMatch(name -> servers.coordinator(name).equals("server-1"));
    }

    /** Over a network that is slow one way and quick the other, which no algorithm can see. */
    @Test
    void shouldBringSkewedClocksTogetherInThreeRounds() {
        for (long seed = 0; seed < 200; seed++) {
            // Given
            SimServers servers = new SimServers(seed, 3, 0, 5_000, -5_000, 0);
            servers.heal();

            // When: some time to elect, then rounds of half a second
            servers.run(6_000);

            // Then: the first round saw ten seconds; what is left is below a round trip, of which half is not known
            List<long[]> rounds = servers.said("server-1").stream()
                    .map(ROUND::matcher)
                    .filter(Matcher::find)
                    .map(round -> new long[] {Long.parseLong(round.group(1)), Long.parseLong(round.group(2))})
                    .toList();
            assertThat(rounds).as("seed %d", seed).hasSizeGreaterThanOrEqualTo(3);
            assertThat(rounds.get(0)[0]).as("seed %d", seed).isGreaterThan(9_000);
            long roundTripMs = rounds.stream()
                    .skip(rounds.size() - 2)
                    .mapToLong(round -> round[1])
                    .max()
                    .orElseThrow();
            List<Long> times =
                    servers.names().stream().map(servers::timeMs).sorted().toList();
            assertThat(times.get(2) - times.get(0)).as("seed %d", seed).isLessThanOrEqualTo(roundTripMs + 2);
        }
    }

    @Test
    void shouldWaitForAnOperationThatIsUnderWay() {
        // Given: the login reaches one server, the request that needs it another one before it was replicated
        SimServers servers = new SimServers(3, 3, 0);
        servers.silencePublications();
        servers.run(3_000);

        // When
        servers.request("server-1", "ana", "login", "l", Map.of());
        servers.request("server-2", "ana", "channel", "c", Map.of("channel", "news"));
        servers.run(2_000);

        // Then: nothing that is published arrives here, so the server asked for it
        assertThat(servers.answer("c")).isNotNull();
        assertThat(servers.answer("c").isOk()).isTrue();
    }

    @Test
    void shouldRefuseWhatNobodyKnows() {
        // Given
        SimServers servers = new SimServers(4, 3, 0);
        servers.heal();
        servers.run(2_000);

        // When
        servers.request("server-1", "eva", "publish", "p", Map.of("channel", "news", "text", "hello"));
        servers.request("server-1", "eva", "dance", "d", Map.of());
        servers.request("server-1", "eva", "message", "m", Map.of("to", "/", "text", "hello"));
        servers.run(3_000);

        // Then
        assertThat(servers.answer("p").text(Envelope.REASON)).startsWith("unknown user");
        assertThat(servers.answer("d").text(Envelope.REASON)).isEqualTo("unknown service");
        assertThat(servers.answer("m").text(Envelope.REASON)).startsWith("not a name");
    }

    /** As it was: a server that had not heard of the others yet refused at once what they knew. */
    @Test
    void shouldWaitBeforeItHasHeardOfTheOthers() {
        // Given: the request arrives before the first answer of the reference server
        SimServers servers = new SimServers(6, 3, 0);
        servers.heal();

        // When
        servers.request("server-1", "ana", "login", "l", Map.of());
        servers.request("server-2", "ana", "channel", "c", Map.of("channel", "news"));
        servers.run(3_000);

        // Then
        assertThat(servers.answer("c").isOk()).isTrue();
    }

    @Test
    void shouldConfirmWhatAllOthersHave() {
        // Given
        SimServers servers = new SimServers(5, 3, 0);
        servers.heal();
        servers.run(2_000);

        // When
        servers.request("server-3", "ana", "login", "l", Map.of());
        servers.run(3_000);

        // Then
        assertThat(servers.said("server-3")).contains("replication confirmed n=1 by=server-1,server-2");
        assertThat(servers.histories("server-2").earlier("ana", "l").kind()).isEqualTo(HistoryEntry.Kind.LOGIN);
    }
}
