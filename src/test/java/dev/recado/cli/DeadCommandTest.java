package dev.recado.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.recado.client.FakeTextServer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.util.Arrays;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** {@code recado dead} against a broker of this process. */
@Timeout(30)
class DeadCommandTest {

    private static final String DIED = "dead-reason=bad&dead-topic=orders&dead-group=g&dead-attempts=1";

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    @SuppressWarnings("NullAway.Init") // started before each test
    private FakeTextServer server;

    @BeforeEach
    void start() throws IOException {
        server = FakeTextServer.start();
    }

    @AfterEach
    void stop() throws IOException {
        server.close();
    }

    private int run(String... arguments) {
        Terminal terminal =
                new Terminal(InputStream.nullInputStream(), out, new PrintStream(err, true, UTF_8), false, a -> {});
        String[] all = Arrays.copyOf(arguments, arguments.length + 2);
        all[arguments.length] = "--broker";
        all[arguments.length + 1] = server.address();
        return RecadoCli.commandLine(terminal).execute(all);
    }

    private void die(int count) {
        for (int i = 0; i < count; i++) {
            server.put("orders.dead", i % 2 == 0 ? DIED : DIED.replace("bad", "late"), ("m" + i).getBytes(UTF_8));
        }
    }

    @Test
    void shouldReachWhatLiesBehindMoreThanItMayHold() {
        // Given: every second is left as it is
        die(1_000);

        // When
        int code = run("dead", "requeue", "orders.dead", "--reason", "late", "-o", "json");

        // Then
        assertThat(code).as(err.toString(UTF_8)).isZero();
        assertThat(out.toString(UTF_8)).contains("\"count\":500,\"left\":500");
        assertThat(server.payloads("orders"))
                .hasSize(500)
                .startsWith("m1", "m3")
                .endsWith("m999");
        assertThat(server.commands("SUB:")).allMatch(line -> line.contains(":recado-dead:64:"));
    }

    @Test
    void shouldWaitAsLongAsThePaceDoes() {
        // Given
        die(3);

        // When: 6 s between two, longer than it waits for a broker that is silent
        int code = run("dead", "requeue", "orders.dead", "--reason", "bad", "--rate", "0.166");

        // Then
        assertThat(code).as(err.toString(UTF_8)).isZero();
        assertThat(out.toString(UTF_8)).contains("requeued 2 dead letters of orders.dead, left 1");
        assertThat(server.payloads("orders")).containsExactly("m0", "m2");
    }

    @Test
    void shouldGiveBackAHeaderOfTheMessageThatTheBrokerHasToo() {
        // Given
        server.put("orders.dead", DIED + "&dead-line=noon&dead-reason=old", "x".getBytes(UTF_8));

        // When
        int code = run("dead", "requeue", "orders.dead");

        // Then
        assertThat(code).as(err.toString(UTF_8)).isZero();
        assertThat(server.headers("orders")).containsExactly("dead-line=noon&dead-reason=old");
    }

    @Test
    void shouldFailWhereAnIdIsNotThere() {
        // Given
        die(2);

        // When
        int code = run("dead", "requeue", "orders.dead", "--id", "1,7,9");

        // Then
        assertThat(code).isEqualTo(1);
        assertThat(out.toString(UTF_8)).contains("requeued 1 dead letter of orders.dead, left 1");
        assertThat(err.toString(UTF_8)).isEqualTo("recado dead requeue: no dead letter 7, 9 of orders.dead\n");
    }

    @Test
    void shouldFailWhereNotAllWereReached() {
        // Given: another command has all of the second half
        die(4);
        server.withhold("orders.dead", "recado-dead", 2);

        // When
        int code = run("dead", "drop", "orders.dead", "--all");

        // Then
        assertThat(code).isEqualTo(1);
        assertThat(out.toString(UTF_8)).contains("dropped 2 dead letters of orders.dead, left 2");
        assertThat(err.toString(UTF_8)).contains("did not reach 2 dead letters, which");
    }

    @Test
    void shouldSayWhereItLookedInVain() {
        // Given
        server.deadLetter("orders", "g", "orders.dead");
        server.deadLetter("orders", "h", "graves");
        server.put("graves", DIED, "x".getBytes(UTF_8));

        // When
        int list = run("dead", "list", "orders", "--reason", "late");
        int drop = run("dead", "drop", "orders.dead", "--all");
        int requeue = run("dead", "requeue", "orders", "-o", "json");

        // Then
        assertThat(list + drop + requeue).as(err.toString(UTF_8)).isZero();
        assertThat(err.toString(UTF_8).lines())
                .containsExactly(
                        "no such dead letters in orders.dead (no such topic), graves",
                        "no dead letters in orders.dead (no such topic)");
        assertThat(out.toString(UTF_8).lines())
                .containsExactly(
                        "dropped 0 dead letters of orders.dead, left 0",
                        "{\"done\":\"requeued\",\"topic\":\"orders\",\"count\":1,\"left\":0}");
    }

    @Test
    void shouldFindThoseThatGoByTheDefaultExchangeAndNameAnother() {
        // Given
        server.describe("orders", "{\"name\":\"orders\",\"dead-letter.exchange\":\"\",\"dead-letter.key\":\"graves\"}");
        server.describe("jobs", "{\"name\":\"jobs\",\"dead-letter.exchange\":\"x\",\"dead-letter.key\":\"<own>\"}");
        server.list(
                "GROUP:LIST:orders",
                "{\"name\":\"queue\",\"dead-letter.exchange\":\"\",\"dead-letter.key\":\"graves\"}");
        server.put("graves", DIED, "x".getBytes(UTF_8));

        // When
        int requeue = run("dead", "requeue", "orders");
        int list = run("dead", "list", "jobs");

        // Then
        assertThat(requeue + list).as(err.toString(UTF_8)).isZero();
        assertThat(server.payloads("orders")).containsExactly("x");
        assertThat(err.toString(UTF_8))
                .contains("no dead letters in the topics that exchange \"x\" leads to: name one of them");
    }

    /** Letters of two topics and a message that is none, in a queue. */
    private void dieInto(String queue) {
        server.describe(queue, "{\"name\":\"" + queue + "\",\"kind\":\"queue\",\"partitions\":1,\"kept\":4}");
        server.deadLetter(queue, "queue", queue + ".dead");
        String through = "dead-history=reason&dead-exchange=&dead-key=" + queue + "&" + DIED;
        server.put(queue, through, "m0".getBytes(UTF_8));
        server.put(queue, through.replace("orders", "jobs"), "m1".getBytes(UTF_8));
        server.put(queue, "none".getBytes(UTF_8));
        server.put(queue, through.replace("bad", "late"), "m3".getBytes(UTF_8));
    }

    @Test
    void shouldSettleThoseThatLieInAQueueAsAMemberOfThat() {
        // Given
        server.describe("orders", "{\"name\":\"orders\",\"dead-letter.exchange\":\"\",\"dead-letter.key\":\"graves\"}");
        dieInto("graves");

        // When
        int before = run("dead", "list", "orders", "--by-reason", "-o", "json");
        int requeue = run("dead", "requeue", "orders", "--reason", "bad");
        int after = run("dead", "list", "orders", "--by-reason", "-o", "json");

        // Then
        assertThat(before + requeue + after).as(err.toString(UTF_8)).isZero();
        assertThat(out.toString(UTF_8).lines())
                .containsExactly(
                        "{\"reason\":\"bad\",\"count\":1}",
                        "{\"reason\":\"late\",\"count\":1}",
                        "requeued 1 dead letter of orders, left 1",
                        "{\"reason\":\"late\",\"count\":1}");
        assertThat(server.payloads("orders")).containsExactly("m0");
        assertThat(server.ackedCount("graves", "queue")).isEqualTo(1);
        assertThat(server.commands("GROUP:CREATE:")).isEmpty();
    }

    @Test
    void shouldLeaveAloneWhatDiedElsewhereWhereAllAreDropped() {
        // Given
        server.describe("orders", "{\"name\":\"orders\",\"dead-letter.exchange\":\"x\",\"dead-letter.key\":\"<own>\"}");
        server.exchange("{\"name\":\"x\",\"bindings\":[{\"topic\":\"graves\",\"key\":\"a\"},"
                + "{\"topic\":\"graves\",\"key\":\"b\"}]}");
        dieInto("graves");

        // When
        int code = run("dead", "drop", "orders", "--all");

        // Then
        assertThat(code).as(err.toString(UTF_8)).isZero();
        assertThat(out.toString(UTF_8)).isEqualTo("dropped 2 dead letters of orders, left 0\n");
        assertThat(server.ackedCount("graves", "queue")).isEqualTo(2);
    }

    @Test
    void shouldNameTheTopicsThatAnExchangeLeadsTo() {
        // Given
        server.describe("orders", "{\"name\":\"orders\",\"dead-letter.exchange\":\"x\",\"dead-letter.key\":\"<own>\"}");
        server.exchange(
                "{\"name\":\"x\",\"bindings\":[{\"topic\":\"graves\"},{\"exchange\":\"y\"},{\"topic\":\"audit\"}]}");

        // When
        int code = run("dead", "list", "orders");

        // Then
        assertThat(code).isZero();
        assertThat(err.toString(UTF_8))
                .isEqualTo("no dead letters in the topics that exchange \"x\" leads to, graves, exchange \"y\", audit:"
                        + " name one of them\n");
    }

    @Test
    void shouldSayNothingToAScriptWhereThereIsNothing() {
        // Given
        server.deadLetter("orders", "g", "orders.dead");

        // When
        int list = run("dead", "list", "orders", "-o", "json");
        int reasons = run("dead", "list", "orders", "--by-reason", "-o", "json");
        int requeue = run("dead", "requeue", "orders", "-o", "json");

        // Then
        assertThat(list + reasons + requeue).isZero();
        assertThat(err.toString(UTF_8)).isEmpty();
        assertThat(out.toString(UTF_8))
                .isEqualTo("{\"done\":\"requeued\",\"topic\":\"orders\",\"count\":0,\"left\":0}\n");
    }

    @Test
    void shouldKnowADeadLetterTopicOfAnotherName() {
        // Given
        server.put("graves", DIED, "x".getBytes(UTF_8));
        server.put("jobs", "y".getBytes(UTF_8));

        // When
        int dropped = run("dead", "drop", "graves", "--all");
        int none = run("dead", "drop", "jobs", "--all");

        // Then
        assertThat(dropped + none).isZero();
        assertThat(out.toString(UTF_8).lines())
                .containsExactly("dropped 1 dead letter of graves, left 0", "dropped 0 dead letters of jobs, left 0");
        assertThat(server.ackedCount("jobs", "recado-dead")).isZero();
    }
}
