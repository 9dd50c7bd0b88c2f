package dev.recado.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.recado.client.FakeTextServer;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What the commands about exchanges send and show. */
@Timeout(30)
class ExchangeUsageTest {

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private FakeTextServer server;

    @BeforeEach
    void startServer() throws IOException {
        server = FakeTextServer.start();
    }

    @AfterEach
    void stopServer() throws IOException {
        server.close();
    }

    private int runOnBroker(String line) {
        PrintStream err = new PrintStream(new ByteArrayOutputStream(), true, UTF_8);
        Terminal terminal = new Terminal(new ByteArrayInputStream(new byte[0]), out, err, false, action -> {});
        return RecadoCli.commandLine(terminal)
                .execute(Stream.of((line + " --broker " + server.address()).split(" "))
                        .toArray(String[]::new));
    }

    @Test
    void shouldSayInHowManyTopicsAnExchangeHasStoredAMessage() {
        // When
        int people = runOnBroker("message publish ex hello --exchange");
        int script = runOnBroker("message publish ex hello --exchange -o json");

        // Then
        assertThat(people + script).isZero();
        assertThat(out.toString(UTF_8)).isEqualTo("2\n{\"topics\":2}\n");
    }

    @Test
    void shouldShowOneExchange() {
        // Given
        server.exchange("{\"name\":\"ex\",\"type\":\"topic\",\"bindings\":[]}");
        server.exchange("{\"name\":\"idle\",\"type\":\"fanout\",\"bindings\":[]}");

        // When
        int there = runOnBroker("exchange list idle");
        int missing = runOnBroker("exchange list none");

        // Then
        assertThat(there).isZero();
        assertThat(missing).isEqualTo(1);
        assertThat(out.toString(UTF_8)).contains("idle  fanout").doesNotContain("ex ");
    }

    @Test
    void shouldShowEachBindingOfAnExchangeOnALineOfItsOwn() {
        // Given
        server.exchange("{\"name\":\"ex\",\"type\":\"headers\",\"bindings\":["
                + "{\"topic\":\"a\",\"key\":\"k.#\",\"headers\":{}},"
                + "{\"topic\":\"b\",\"key\":\"\",\"headers\":{\"colour\":\"red\"}}]}");
        server.exchange("{\"name\":\"idle\",\"type\":\"fanout\",\"bindings\":[]}");

        // When
        int code = runOnBroker("exchange list");

        // Then
        assertThat(code).isZero();
        assertThat(out.toString(UTF_8).lines())
                .containsExactly(
                        "NAME  TYPE     TOPIC  KEY  HEADERS",
                        "ex    headers  a      k.#",
                        "ex    headers  b           {\"colour\":\"red\"}",
                        "idle  fanout");
    }

    @Test
    void shouldShowWhatExchangesLeadToAndWhatIsSet() {
        // Given
        server.exchange("{\"name\":\"ex\",\"type\":\"direct\",\"internal\":true,\"auto-delete\":false,"
                + "\"alternate\":\"rest\",\"durable\":true,\"bindings\":["
                + "{\"exchange\":\"b\",\"key\":\"k\",\"headers\":{},\"values\":{\"size\":\"5\"}}]}");

        // When
        int code = runOnBroker("exchange list");

        // Then
        assertThat(code).isZero();
        assertThat(out.toString(UTF_8).lines().map(line -> line.replaceAll(" +", " ")))
                .containsExactly(
                        "NAME TYPE TOPIC KEY HEADERS VALUES TO-EXCHANGE SET",
                        "ex direct k {\"size\":\"5\"} b internal=true alternate=rest");
    }

    @Test
    void shouldWriteTheCommandsOfExchanges() {
        // When
        int code = runOnBroker("exchange create ex headers --set alternate=rest -s internal=true")
                + runOnBroker("exchange bind ex a --headers k=v --values size=5")
                + runOnBroker("exchange bind ex --to-exchange b --key k")
                + runOnBroker("exchange unbind ex --to-exchange b --values size=5")
                + runOnBroker("message publish ex hello --exchange --key k --also-key l --also-key m&n");

        // Then
        assertThat(code).isZero();
        assertThat(server.commands("EXCHANGE:"))
                .containsExactly(
                        "EXCHANGE:CREATE:ex:headers:alternate=rest&internal=true",
                        "EXCHANGE:BIND:ex:b:k",
                        "EXCHANGE:UNBIND:ex:b:::size=5");
        assertThat(server.commands("BIND:")).containsExactly("BIND:ex:a::k=v:size=5");
        assertThat(server.commands("XPUB:")).containsExactly("XPUB:ex:k::l&m%26n:5");
    }

    @Test
    void shouldRefuseABindingToNothingOrToTwo() {
        for (String wrong : new String[] {"bind ex", "bind ex a --to-exchange b", "unbind ex a --topic b"}) {
            assertThat(runOnBroker("exchange " + wrong)).isEqualTo(2);
        }
        assertThat(runOnBroker("message publish t hello --also-key l")).isEqualTo(2);
        assertThat(server.commands("BIND:")).isEmpty();
    }
}
