package dev.recado.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.recado.base.ExitCode;
import dev.recado.client.FakeTextServer;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** How commands are spelled, what they say of a wrong one, and what scripts read. */
@Timeout(30)
class UsageTest {

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();
    private FakeTextServer server;

    @BeforeEach
    void startServer() throws IOException {
        server = FakeTextServer.start();
    }

    @AfterEach
    void stopServer() throws IOException {
        server.close();
    }

    private int run(String line) {
        Terminal terminal = new Terminal(
                new ByteArrayInputStream(new byte[0]), out, new PrintStream(err, true, UTF_8), false, action -> {});
        return RecadoCli.commandLine(terminal)
                .execute(Stream.of(line.split(" ")).toArray(String[]::new));
    }

    private int runOnBroker(String line) {
        return run(line + " --broker " + server.address());
    }

    @ParameterizedTest
    @ValueSource(strings = {"topic create jobs", "topic create --topic jobs", "topic create --topic=jobs"})
    void shouldTakeATopicByItsPlaceAndByName(String line) {
        // When
        int code = runOnBroker(line + " -o json");

        // Then
        assertThat(code).isZero();
        assertThat(server.heard("TOPIC:CREATE:jobs")).isTrue();
        assertThat(out.toString(UTF_8)).isEqualTo("{\"done\":\"created\",\"topic\":\"jobs\"}\n");
    }

    @Test
    void shouldWorkInTheNamespaceThatIsNamed() {
        // When
        int code = runOnBroker("topic create jobs --namespace shop");

        // Then
        assertThat(code).isZero();
        assertThat(server.heard("NAMESPACE:USE:shop")).isTrue();
    }

    @Test
    void shouldTellThatANamespaceIsNotThere() {
        // When
        int code = runOnBroker("topic create jobs --namespace nowhere");

        // Then
        assertThat(code).isEqualTo(ExitCode.FAILED);
        assertThat(err.toString(UTF_8)).contains("Not found: namespace=nowhere");
    }

    @Test
    void shouldAddListAndRemoveNamespaces() {
        // Given
        server.list("NAMESPACE:LIST", "{\"name\":\"/\",\"topics\":2,\"exchanges\":5}");

        // When
        runOnBroker("vhost add shop");
        runOnBroker("vhost list");
        runOnBroker("vhost remove shop -o json");
        runOnBroker("vhost remove shop --with-topics");

        // Then
        assertThat(server.heard("NAMESPACE:CREATE:shop")).isTrue();
        assertThat(server.heard("NAMESPACE:DELETE:shop")).isTrue();
        assertThat(server.heard("NAMESPACE:DELETE:shop:topics")).isTrue();
        assertThat(out.toString(UTF_8)).isEqualTo("""
                added namespace shop
                NAMESPACE  TOPICS  EXCHANGES
                /               2          5
                {"done":"removed","namespace":"shop"}
                removed namespace shop
                """);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "group create jobs crew",
                "group create --topic jobs crew",
                "group create jobs --group crew",
                "group create --group crew --topic jobs"
            })
    void shouldTakeAGroupByItsPlaceAndByName(String line) {
        // When
        runOnBroker(line);

        // Then
        assertThat(server.heard("GROUP:CREATE:jobs:crew")).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "topic create",
                "topic create a --topic b",
                "group delete a",
                "group delete a b --topic c",
                "message publish a",
                "consumer --from 1 --last 2",
                "consumer --from yesterday",
                "consumer --to-end --ack none",
                "consumer --to-end --ack auto",
                "consumer --to-end --group *",
                "consumer a.* --to-end",
                "consumer a --count 0",
                "consumer a -n -1",
                "bench --count 0",
                "group create a b --set from=yesterday",
                "group alter a b --set from=yesterday",
                "group alter a b",
                "message browse a -n 0",
                "message browse a --last 0",
                "message browse a --last 5 --from first",
                "topic alter a",
                "dead drop a",
                "dead drop a --all --reason x"
            })
    void shouldRefuseWrongUsage(String line) {
        assertThat(run(line)).isEqualTo(ExitCode.USAGE);
    }

    @Test
    void shouldSayWhatIsWrongBelowTheUsage() {
        // When
        int code = run("group describe --bogus");

        // Then
        assertThat(code).isEqualTo(ExitCode.USAGE);
        assertThat(err.toString(UTF_8).lines())
                .containsExactly(
                        "Usage: recado group describe [OPTIONS] [TOPIC] [GROUP]",
                        "`recado group describe --help` tells more.",
                        "recado group describe: Unknown option: '--bogus'");
    }

    @Test
    void shouldNameTheCommandsBelowTheOneThatIsGivenAlone() {
        // When
        int code = run("dead");

        // Then
        assertThat(code).isEqualTo(ExitCode.USAGE);
        List<String> lines = err.toString(UTF_8).lines().toList();
        assertThat(lines).hasSize(4).endsWith("recado dead: Missing required subcommand");
        assertThat(lines.get(1)).startsWith("Commands: ").contains("list", "show", "requeue", "drop");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "bench --duration soon",
                "consumer --from yesterday",
                "consumer --frm 5",
                "topic lst",
                "group reset a b",
                "group create a b max-deliveries=3"
            })
    void shouldSayWhatIsWrongInAFewLines(String line) {
        // When
        int code = run(line);

        // Then
        assertThat(code).isEqualTo(ExitCode.USAGE);
        assertThat(err.toString(UTF_8).lines()).hasSizeLessThanOrEqualTo(5);
    }

    @Test
    void shouldSayWhatIsWrongOfTheCommandThatWasGiven() {
        // When
        run("dead drop a");

        // Then
        assertThat(err.toString(UTF_8))
                .startsWith("Usage: recado dead drop")
                .endsWith("recado dead drop: give --reason or --id, or --all for all of them\n");
    }

    @Test
    void shouldSayHowASettingIsGiven() {
        // When
        int code = run("group create jobs crew max-deliveries=3 back-off-ms=50");

        // Then
        assertThat(code).isEqualTo(ExitCode.USAGE);
        assertThat(err.toString(UTF_8).lines())
                .endsWith("A setting is given as --set max-deliveries=3", "A setting is given as --set back-off-ms=50");
    }

    @Test
    void shouldCompleteEveryCommand() {
        // When
        int code = run("completion");

        // Then
        assertThat(code).isZero();
        assertThat(out.toString(UTF_8))
                .startsWith("#!/usr/bin/env bash")
                .contains("dead", "requeue", "--by-reason", "complete -F");
    }

    @Test
    void shouldSayWhereAnOptionOfAConsumerIsIgnored() {
        // Given
        server.describe("orders", "{\"name\":\"orders\",\"groups\":[{\"name\":\"g\"}]}");
        server.put("orders", "x".getBytes(UTF_8));

        // When
        int ofGroup = runOnBroker("consumer orders --group g --from 5 --count 1");
        int ofNone = runOnBroker("consumer orders --group other --from 0 --count 1");

        // Then
        assertThat(List.of(ofGroup, ofNone)).containsOnly(0);
        assertThat(err.toString(UTF_8).lines().filter(line -> line.contains("is ignored")))
                .containsExactly("--from is ignored: the group g is there and goes on where it is;"
                        + " `recado group reset orders g --from ...` moves it");
    }

    @Test
    void shouldSayThatAnAutomaticGroupGoesOnWhereItIs() {
        // Given
        server.describe(
                "orders",
                "{\"name\":\"orders\",\"groups\":[{\"name\":\"g\",\"kind\":\"named\"},"
                        + "{\"name\":\"1\",\"kind\":\"automatic\"},{\"name\":\"2\",\"kind\":\"automatic\"}]}");
        server.put("orders", "x".getBytes(UTF_8));

        // When
        int code = runOnBroker("consumer orders --from 5 --count 1");

        // Then
        assertThat(code).isZero();
        assertThat(err.toString(UTF_8).lines().filter(line -> line.contains("is ignored")))
                .containsExactly("--from is ignored, unless they are full: without --group it joins the first automatic"
                        + " group with room of 1, 2, and that goes on where it is;"
                        + " `recado group reset orders GROUP --from ...` moves it");
    }

    @Test
    void shouldBeginTheLastMessagesBeforeTheEnd() {
        // Given
        server.describe(
                "orders", "{\"name\":\"orders\",\"partition-figures\":[{\"partition\":0,\"first\":0,\"end\":25}]}");
        server.describe(
                "wide",
                "{\"name\":\"wide\",\"partition-figures\":[{\"partition\":0,\"end\":1},{\"partition\":1,\"end\":1}]}");

        // When
        int narrow = runOnBroker("consumer orders --group g --last 10 --idle-exit 50ms");
        int wide = runOnBroker("consumer wide --group g --last 10 --idle-exit 50ms");

        // Then
        assertThat(narrow).isZero();
        assertThat(server.heard("SUB:orders:g:1000:15:time")).isTrue();
        assertThat(wide).isEqualTo(ExitCode.FAILED);
        assertThat(err.toString(UTF_8)).contains("--last needs a topic with one partition, wide has 2");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "consumer orders --group g --from 2099-01-01 --count 1",
                "consumer orders --group g --from 26 --count 1",
                "group reset orders g --from 2099-01-01T10:00Z",
                "group create orders g --set from=2099-01-01"
            })
    void shouldSayWhatAPositionInTheFutureMeans(String line) {
        // Given
        server.describe(
                "orders", "{\"name\":\"orders\",\"partition-figures\":[{\"partition\":0,\"first\":0,\"end\":25}]}");
        server.put("orders", "x".getBytes(UTF_8));
        server.put("orders", "y".getBytes(UTF_8));
        String note = "nothing is that new yet; the group begins with what comes from now on";

        // When
        int told = runOnBroker(line);
        String people = err.toString(UTF_8);
        err.reset();
        int untold = runOnBroker(line + " -o json");

        // Then
        assertThat(told + untold).isZero();
        assertThat(people).containsOnlyOnce(note);
        assertThat(err.toString(UTF_8)).doesNotContain(note);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "consumer orders --group g --from 25 --count 1",
                "consumer orders --group g --from -1h --count 1",
                "consumer orders --group g --last 3 --count 1",
                "consumer orders --group there --from 2099-01-01 --count 1",
                "group reset orders g --from next"
            })
    void shouldNotSpeakOfTheFutureElsewhere(String line) {
        // Given
        server.describe(
                "orders",
                "{\"name\":\"orders\",\"groups\":[{\"name\":\"there\"}],"
                        + "\"partition-figures\":[{\"partition\":0,\"first\":0,\"end\":25}]}");
        server.put("orders", "x".getBytes(UTF_8));

        // When
        int code = runOnBroker(line);

        // Then
        assertThat(code).isZero();
        assertThat(err.toString(UTF_8)).doesNotContain("nothing is that new");
    }

    @Test
    void shouldSayThatThereIsNothingToBrowse() {
        // Given
        server.describe("orders", "{\"name\":\"orders\"}");

        // When
        int code = runOnBroker("message browse orders --from 7");
        int script = runOnBroker("message browse orders --from 7 -o json");

        // Then
        assertThat(code + script).isZero();
        assertThat(err.toString(UTF_8)).isEqualTo("no messages in orders from 7 on\n");
    }

    @Test
    void shouldBrowseTheLastMessages() {
        // Given
        server.describe(
                "orders", "{\"name\":\"orders\",\"partition-figures\":[{\"partition\":0,\"first\":0,\"end\":25}]}");

        // When
        int some = runOnBroker("message browse orders --last 10");
        int fewer = runOnBroker("message browse orders --last 30 -n 5");

        // Then
        assertThat(some + fewer).isZero();
        assertThat(server.commands("BROWSE:")).containsExactly("BROWSE:orders:15:10", "BROWSE:orders:0:5");
    }

    @Test
    void shouldExplainEverySetting() {
        // When
        run("topic create --help");
        run("group alter --help");
        run("exchange create --help");

        // Then
        assertThat(out.toString(UTF_8))
                .contains("retention.force (false)", "limit.message-bytes (16MiB)", "overflow (block)", "ttl (none)")
                .contains(
                        "strategy (round-robin)", "lease-ms (30s)", "max-deliveries (16)", "dead-letter (<topic>.dead)")
                .contains("internal (false)", "alternate ()", "durable (true)");
    }

    @Test
    void shouldSayWhereTheTextPortStandsToWhomAnotherProtocolAnswers() throws IOException {
        // Given
        byte[][] greetings = {
            {(byte) 0xff, 0, 0, 0, 0, 0, 0, 0, 1, 0x7f}, "-ERR unknown command\r\n".getBytes(UTF_8), {}
        };
        for (byte[] greeting : greetings) {
            err.reset();
            try (ServerSocket other = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
                CompletableFuture<Void> greeted = CompletableFuture.runAsync(() -> greet(other, greeting));

                // When
                int code = run("ping --broker 127.0.0.1:" + other.getLocalPort());

                // Then
                assertThat(code).isEqualTo(ExitCode.UNREACHABLE);
                assertThat(err.toString(UTF_8))
                        .contains("Something listens there, but not as a text listener of a broker.", "ready line")
                        .doesNotContain("No broker answers");
                greeted.join();
            }
        }
    }

    private static void greet(ServerSocket other, byte[] greeting) {
        try (Socket peer = other.accept()) {
            peer.getOutputStream().write(greeting);
            peer.shutdownOutput();
            peer.getInputStream().readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void shouldNameTheWaitToWhomNobodyAnswers() throws IOException {
        // Given
        int port;
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = free.getLocalPort();
        }

        // When
        int code = run("ping --broker 127.0.0.1:" + port);

        // Then
        assertThat(code).isEqualTo(ExitCode.UNREACHABLE);
        assertThat(err.toString(UTF_8)).contains("No broker answers there.", "--connect-wait 10s");
    }
}
