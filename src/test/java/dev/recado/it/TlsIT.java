package dev.recado.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ConnectionFactory;
import dev.recado.client.ClientOptions;
import dev.recado.client.RecadoClient;
import dev.recado.client.RecadoException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.KeyStore;
import java.security.SecureRandom;
import java.security.cert.CertificateFactory;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** TLS with the clients that people have, and with those who mean no good. */
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class TlsIT {

    private static final Duration LIMIT = Duration.ofSeconds(30);
    private static final int HALF_OPEN = 1_000;
    private static final long HALF_OPEN_HEAP_KIB_MAX = 64 << 10;
    private static final Pattern USED = Pattern.compile("total [0-9]+K, used ([0-9]+)K");

    @WorkDir
    @SuppressWarnings("NullAway.Init") // JUnit sets it before a test begins.
    Path work;

    @SuppressWarnings("NullAway.Init")
    private OpenSsl openSsl;

    @BeforeEach
    void makeAuthority() throws Exception {
        Tool.OPENSSL.require();
        openSsl = new OpenSsl(work.resolve("tls"));
        openSsl.sign("broker", Instant.now().plus(Duration.ofDays(20)));
    }

    private BrokerProcess.Plan plan(String... listeners) {
        BrokerProcess.Plan plan = BrokerProcess.in(work);
        for (String listener : listeners) {
            plan.set(
                    listener + ".tls.certificate", openSsl.certificate("broker").toString());
            plan.set(listener + ".tls.key", openSsl.key("broker").toString());
        }
        return plan;
    }

    private String log() {
        try {
            return Files.readString(work.resolve("data").resolve("recado.log"));
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private ClientOptions client(BrokerProcess broker) {
        return ClientOptions.of("localhost:" + broker.textPort()).tls(openSsl.authority());
    }

    private static String run(Path work, String... command) throws IOException {
        try (ScriptProcess script = ScriptProcess.start(work, command)) {
            int code = script.exitCode(LIMIT);
            return script.out() + "exit " + code;
        }
    }

    @Test
    void shouldSpeakTheTwoNewestVersionsAndSayWhyNotAnOlder() throws Exception {
        try (BrokerProcess broker = plan("text").start()) {
            int port = broker.textPort();
            assertThat(openSsl.client(port, "QUIT\n", "-ign_eof -tls1_3"))
                    .contains("Verify return code: 0 (ok)")
                    .contains("No ALPN negotiated");
            assertThat(openSsl.client(port, "QUIT\n", "-ign_eof -tls1_2")).contains("Verify return code: 0 (ok)");
            assertThat(openSsl.client(port, "", "-tls1_1 -cipher DEFAULT@SECLEVEL=0"))
                    .contains("alert protocol version");
            Waiting.until("a reason in the log", LIMIT, () -> log().contains("tls handshake failed listener=text"));
        }
    }

    @Test
    void shouldSayWhatToDoAtTheWrongPort() throws Exception {
        try (BrokerProcess broker = plan("text").start();
                TextConnection plain = broker.connect()) {
            // Given
            plain.write("PING\n").flush();

            // Then
            assertThat(plain.reply()).startsWith("ERROR:").contains("connect with TLS");
            assertThat(openSsl.client(broker.port("amqp"), "", "")).contains("wrong version number");
            Waiting.until(
                    "both in the log",
                    LIMIT,
                    () -> log().contains("listener=text reason=no TLS")
                            && log().contains("listener=amqp reason=a TLS hello")
                            && log().contains("set amqp.tls.certificate and amqp.tls.key"));
        }
    }

    @Test
    void shouldServeTheJavaClientAndTheCommandLine() throws Exception {
        openSsl.sign("client", Instant.now().plus(Duration.ofDays(20)));
        BrokerProcess.Plan plan =
                plan("text").set("text.tls.client-ca", openSsl.authority().toString());
        try (BrokerProcess broker = plan.start()) {
            // Given
            byte[] large = new byte[3 << 20];
            ClientOptions known =
                    client(broker).clientCertificate(openSsl.certificate("client"), openSsl.key("client"));

            // When
            try (RecadoClient client = RecadoClient.connect(known)) {
                client.publish("orders", large).join();
                assertThat(client.admin().stats().join()).contains("text_tls_handshakes=1");
            }

            // Then
            assertThatThrownBy(() -> RecadoClient.connect(client(broker)))
                    .isInstanceOf(RecadoException.class)
                    .hasMessageContaining("client certificate");
            assertThatThrownBy(() -> RecadoClient.connect(
                            ClientOptions.of("localhost:" + broker.textPort()).tls()))
                    .hasMessageContaining("trust file");
            String trust = openSsl.authority().toString();
            try (JarProcess ping = JarProcess.command(
                    work,
                    "ping",
                    "--broker",
                    "127.0.0.1:" + broker.textPort(),
                    "--trust",
                    trust,
                    "--tls-certificate",
                    openSsl.certificate("client").toString(),
                    "--tls-key",
                    openSsl.key("client").toString())) {
                assertThat(ping.exitCode(LIMIT)).as(ping.report()).isZero();
            }
        }
    }

    @Test
    void shouldCheckTheNameOfTheHost() throws Exception {
        try (BrokerProcess broker = plan("text").start()) {
            try (Socket plain = new Socket(InetAddress.getLoopbackAddress(), broker.textPort())) {
                assertThatThrownBy(() -> TlsSocket.over(plain, "other.example", broker.textPort(), openSsl.authority()))
                        .hasMessageContaining("other.example");
            }
        }
    }

    @Test
    void shouldServeTheClientsOfRabbitMq() throws Exception {
        Tool.PIKA.require();
        openSsl.sign("client", Instant.now().plus(Duration.ofDays(20)));
        BrokerProcess.Plan plan =
                plan("amqp").set("amqp.tls.client-ca", openSsl.authority().toString());
        try (BrokerProcess broker = plan.start()) {
            String port = Integer.toString(broker.port("amqp"));
            String program = """
                    import pika, ssl, sys
                    port, ca, certificate, key = sys.argv[1:]
                    context = ssl.create_default_context(cafile=ca)
                    if certificate:
                        context.load_cert_chain(certificate, key)
                    options = pika.SSLOptions(context, 'localhost')
                    try:
                        there = pika.BlockingConnection(
                            pika.ConnectionParameters('localhost', int(port), ssl_options=options))
                    except Exception as e:
                        sys.exit('refused')
                    channel = there.channel()
                    channel.queue_declare('jobs')
                    channel.confirm_delivery()
                    for size in (0, 1, 16384, 500000):
                        channel.basic_publish('', 'jobs', b'x' * size)
                    print([len(channel.basic_get('jobs', auto_ack=True)[2]) for i in range(4)])
                    there.close()
                    """;
            String ca = openSsl.authority().toString();
            String certificate = openSsl.certificate("client").toString();
            String key = openSsl.key("client").toString();
            assertThat(run(work, "/usr/bin/python3", "-c", program, port, ca, certificate, key))
                    .isEqualTo("[0, 1, 16384, 500000]\nexit 0");
            assertThat(run(work, "/usr/bin/python3", "-c", program, port, ca, "", ""))
                    .isEqualTo("refused\nexit 1");
        }
    }

    @Test
    void shouldServeTheJavaClientOfRabbitMq() throws Exception {
        try (BrokerProcess broker = plan("amqp").start()) {
            // Given
            KeyStore store = KeyStore.getInstance("PKCS12");
            store.load(null, null);
            try (InputStream in = Files.newInputStream(openSsl.authority())) {
                store.setCertificateEntry(
                        "ca", CertificateFactory.getInstance("X.509").generateCertificate(in));
            }
            TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            trust.init(store);
            SSLContext context = SSLContext.getInstance("TLSv1.2");
            context.init(null, trust.getTrustManagers(), new SecureRandom());
            ConnectionFactory factory = new ConnectionFactory();
            factory.setHost("localhost");
            factory.setPort(broker.port("amqp"));
            factory.useSslProtocol(context);
            factory.enableHostnameVerification();

            // When
            try (Connection connection = factory.newConnection();
                    Channel channel = connection.createChannel()) {
                channel.queueDeclare("jobs", true, false, false, null);
                channel.confirmSelect();
                channel.basicPublish("", "jobs", null, new byte[100_000]);
                channel.waitForConfirmsOrDie(20_000);

                // Then
                assertThat(channel.basicGet("jobs", true).getBody()).hasSize(100_000);
            }
        }
    }

    @Test
    void shouldServeAmqplibOfNode() throws Exception {
        Tool.AMQPLIB.require();
        try (BrokerProcess broker = plan("amqp").start()) {
            Path program = Path.of(NodePrograms.program("amqplib").get(1)).resolveSibling("tls.mjs");
            Files.writeString(program, """
                    import { connect } from 'amqplib';
                    import { readFileSync } from 'node:fs';
                    const [port, ca] = process.argv.slice(2);
                    const there = await connect(`amqps://localhost:${port}`, { ca: [readFileSync(ca)] });
                    const channel = await there.createConfirmChannel();
                    await channel.assertQueue('jobs');
                    channel.sendToQueue('jobs', Buffer.alloc(200000));
                    await channel.waitForConfirms();
                    console.log((await channel.get('jobs', { noAck: true })).content.length);
                    await there.close();
                    """);
            String port = Integer.toString(broker.port("amqp"));
            assertThat(run(
                            work,
                            "node",
                            program.toString(),
                            port,
                            openSsl.authority().toString()))
                    .isEqualTo("200000\nexit 0");
        }
    }

    private void install(String name) throws IOException {
        Files.copy(openSsl.key(name), openSsl.key("broker"), StandardCopyOption.REPLACE_EXISTING);
        Files.copy(openSsl.certificate(name), openSsl.certificate("broker"), StandardCopyOption.REPLACE_EXISTING);
    }

    private String shown(BrokerProcess broker) {
        try (TlsSocket next = TlsSocket.open(broker.textPort(), openSsl.authority(), 0)) {
            return next.shown();
        } catch (IOException e) {
            return String.valueOf(e.getMessage());
        }
    }

    @Test
    void shouldTakeNewCertificatesAndKeepTheOldOnesWhereTheyAreBroken() throws Exception {
        openSsl.sign("next", Instant.now().plus(Duration.ofDays(20)));
        try (BrokerProcess broker = plan("text").start();
                TlsSocket old = TlsSocket.open(broker.textPort(), openSsl.authority(), 0)) {
            // When
            install("next");

            // Then
            assertThat(old.shown()).isEqualTo("CN=broker");
            Waiting.until("the new certificate", LIMIT, () -> shown(broker).equals("CN=next"));
            assertThat(old.ask("PING")).isEqualTo("PONG");

            // When
            Files.writeString(openSsl.certificate("broker"), "broken");

            // Then
            Waiting.until("an alarm", LIMIT, () -> log().contains("the certificate that was read before stays"));
            assertThat(shown(broker)).isEqualTo("CN=next");
            try (RecadoClient client = RecadoClient.connect(client(broker))) {
                assertThat(client.admin().stats().join()).contains("text_tls_stale=1");
            }
            install("next");
            Waiting.until("its end", LIMIT, () -> {
                try (RecadoClient client = RecadoClient.connect(client(broker))) {
                    return client.admin().stats().join().contains("text_tls_stale=0");
                }
            });
            assertThat(log().split("was read before stays", -1)).hasSize(2);
            assertThat(old.ask("PING")).isEqualTo("PONG");
        }
    }

    @Test
    void shouldKeepConnectionsWhoseCertificateExpires() throws Exception {
        openSsl.sign("broker", Instant.now().plusSeconds(12));
        try (BrokerProcess broker = plan("text").start();
                TlsSocket old = TlsSocket.open(broker.textPort(), openSsl.authority(), 0)) {
            Waiting.until("its end in the log", LIMIT, () -> log().contains("certificate has expired"));
            assertThat(old.ask("PING")).isEqualTo("PONG");
            assertThat(openSsl.client(broker.textPort(), "", "-verify_return_error"))
                    .contains("certificate has expired");
        }
    }

    private static long heapKib(BrokerProcess broker) throws IOException, InterruptedException {
        String tool = Path.of(System.getProperty("java.home"), "bin", "jcmd").toString();
        long used = 0;
        for (String command : List.of("GC.run", "GC.heap_info")) {
            Process process = new ProcessBuilder(tool, Long.toString(broker.pid()), command)
                    .redirectErrorStream(true)
                    .start();
            Matcher matcher = USED.matcher(new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8));
            process.waitFor();
            used = matcher.find() ? Long.parseLong(matcher.group(1)) : 0;
        }
        assertThat(used).isPositive();
        return used;
    }

    @Test
    void shouldNotHoldUpOthersForThoseWhoStopInTheHandshake() throws Exception {
        byte[] hello = TlsHellos.one();
        List<Socket> halves = new ArrayList<>();
        try (BrokerProcess broker = plan("text")
                        .jvmArgument("-XX:+UseSerialGC")
                        .heapMiB(256)
                        .start();
                TlsSocket other = TlsSocket.open(broker.textPort(), openSsl.authority(), 0)) {
            // Given
            long before = heapKib(broker);
            for (int i = 0; i < HALF_OPEN; i++) {
                Socket half = new Socket(InetAddress.getLoopbackAddress(), broker.textPort());
                halves.add(half);
                half.getOutputStream().write(hello, 0, new int[] {0, 1, 50, hello.length}[i % 4]);
            }

            // When
            assertThat(other.ask("PING")).isEqualTo("PONG");
            assertThat(shown(broker)).isEqualTo("CN=broker");
            long during = heapKib(broker);

            // Then
            assertThat(during - before).isLessThan(HALF_OPEN_HEAP_KIB_MAX);
            for (Socket half : halves) {
                half.setSoTimeout(20_000);
                half.getInputStream().readAllBytes();
            }
            assertThat(other.ask("STATS")).isNotNull();
            assertThat(log()).contains("the handshake takes too long");
        } finally {
            for (Socket half : halves) {
                half.close();
            }
        }
    }

    @Test
    void shouldBoundWhatAClientThatDoesNotReadIsOwed() throws Exception {
        try (BrokerProcess broker = plan("text")
                        .jvmArgument("-XX:+UseSerialGC")
                        .jvmArgument("-XX:MaxDirectMemorySize=48m")
                        .heapMiB(128)
                        .start();
                RecadoClient publisher = RecadoClient.connect(client(broker))) {
            // Given
            List<TlsSocket> deaf = new ArrayList<>();
            for (int i = 0; i < 8; i++) {
                TlsSocket one = TlsSocket.open(broker.textPort(), openSsl.authority(), 4_096);
                assertThat(one.ask("HELLO:deaf" + i)).startsWith("OK");
                assertThat(one.ask("SUB:flood:group" + i + ":1000:first")).isEqualTo("OK:SUB:1");
                deaf.add(one);
            }

            // When
            byte[] payload = new byte[100_000];
            for (int i = 0; i < 1_000; i++) {
                publisher.publish("flood", payload);
            }

            // Then
            assertThat(publisher.awaitConfirmed(60_000)).isTrue();
            assertThat(heapKib(broker)).isLessThan(110 << 10);
            assertThat(log()).doesNotContain("OutOfMemory").doesNotContain("no memory");
            assertThat(shown(broker)).isEqualTo("CN=broker");
            for (TlsSocket one : deaf) {
                one.close();
            }
        }
    }
}
