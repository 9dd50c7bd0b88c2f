package dev.recado.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.recado.base.ExitCode;
import dev.recado.client.ClientOptions;
import dev.recado.client.RecadoClient;
import dev.recado.client.RecadoException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Users as every protocol and the command line have them. */
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class UsersIT {

    private static final Duration LIMIT = Duration.ofSeconds(40);
    private static final Path SCRIPT =
            Path.of("src", "test", "resources", "python", "login.py").toAbsolutePath();

    @WorkDir
    @SuppressWarnings("NullAway.Init") // JUnit sets it before a test begins.
    Path work;

    private Path data() {
        return work.resolve("data");
    }

    /** What a command prints, and then how it ends. */
    private String command(Map<String, String> environment, String... words) throws IOException {
        List<String> jvm = List.of("-Xmx256m", "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC");
        try (JarProcess process = JarProcess.start(work, List.of(), jvm, null, List.of(words), environment)) {
            int code = process.exitCode(LIMIT);
            return process.out() + process.err() + "exit " + code;
        }
    }

    /** On the stopped broker's directory, where no login is needed. */
    private String stopped(Map<String, String> environment, String... words) throws IOException {
        List<String> all = new ArrayList<>(List.of(words));
        all.addAll(List.of("--data", data().toString()));
        return command(environment, all.toArray(String[]::new));
    }

    private void administrator() throws IOException {
        assertThat(stopped(Map.of("RECADO_NEW_PASSWORD", "root-pw"), "user", "add", "root", "--role", "administrator"))
                .isEqualTo("added user root\nexit 0");
    }

    private static RecadoClient client(BrokerProcess broker, String user, String password) {
        return RecadoClient.connect(ClientOptions.of(broker.address()).login(user, password));
    }

    private String script(String... words) throws IOException {
        List<String> all = new ArrayList<>(List.of("/usr/bin/python3", SCRIPT.toString()));
        all.addAll(List.of(words));
        try (ScriptProcess script = ScriptProcess.start(work, all.toArray(String[]::new))) {
            int code = script.exitCode(LIMIT);
            return script.out() + (code == 0 ? "" : "exit " + code);
        }
    }

    @Test
    void shouldJudgeEveryProtocolByTheSameUsersAndKeepThemThroughAKill() throws Exception {
        Tool.PIKA.require();
        Tool.PYZMQ.require();
        // Given
        administrator();
        BrokerProcess broker = BrokerProcess.in(work).start();
        String token;
        try (RecadoClient root = client(broker, "root", "root-pw")) {
            root.admin().createTopic("orders.a", Map.of("kind", "queue")).join();
            root.admin().createTopic("other", Map.of("kind", "queue")).join();
            root.admin().addUser("ben", "none", "ben:pw").join();
            root.admin().grant("ben", "/", "orders.*", "publish,consume").join();
            root.admin().grant("ben", "/", "zmtp.*", "publish").join();
            token = root.admin().addToken("ben", 0, "", List.of()).join();
        }

        // When
        broker.process().killNine();
        broker = broker.again();

        // Then
        try (BrokerProcess running = broker) {
            String amqp = Integer.toString(running.port("amqp"));
            String pull = Integer.toString(running.port("zmtp-pull"));
            assertThat(script("amqp", amqp, "ben", "ben:pw", "orders.a")).isEqualTo("published\ngot hello\n");
            assertThat(script("amqp", amqp, "token", token, "orders.a")).isEqualTo("published\ngot hello\n");
            assertThat(script("amqp", amqp, "ben", "ben:pw", "other")).startsWith("closed 403 ");
            assertThat(script("amqp", amqp, "ben", "wrong", "orders.a")).startsWith("refused ");
            assertThat(script("amqp", amqp, "guest", "guest", "orders.a")).startsWith("refused ");
            assertThat(script("zmtp", pull, "plain", "ben", "ben:pw")).isEqualTo("succeeded\n");
            assertThat(script("zmtp", pull, "plain", "token", token)).isEqualTo("succeeded\n");
            assertThat(script("zmtp", pull, "plain", "ben", "wrong")).isEqualTo("refused\n");
            assertThat(script("zmtp", pull, "null")).isEqualTo("refused\n");
            try (TextConnection text = running.connect()) {
                assertThat(text.pub("orders.a", "x")).startsWith("ERROR:Not authenticated: AUTH");
                assertThat(text.ask("AUTH:ben:ben%3Apw")).isEqualTo("OK:AUTH");
                assertThat(text.pub("orders.a", "x")).startsWith("OK:MSG_ID");
                assertThat(text.pub("other", "x")).startsWith("ERROR:Not authorized: right=publish topic=other");
            }
            Map<String, String> login =
                    Map.of("RECADO_BROKER", running.address(), "RECADO_USER", "root", "RECADO_PASSWORD", "root-pw");
            assertThat(command(login, "user", "list", "-o", "json"))
                    .contains("{\"name\":\"ben\",\"role\":\"none\",\"password\":true,"
                            + "\"grants\":[\"/ orders.* publish,consume\",\"/ zmtp.* publish\"],\"keys\":[]}")
                    .endsWith("exit 0");
            assertThat(command(Map.of("RECADO_BROKER", running.address()), "topic", "list"))
                    .contains("Not authenticated")
                    .contains("log in with --user NAME")
                    .endsWith("exit 1");
            assertThat(stopped(Map.of(), "user", "list")).contains("in use").endsWith("exit 1");
        }
    }

    @Test
    void shouldEndWhatIsUnderWayOnceTheRightOrTheUserIsGone() throws Exception {
        Tool.PIKA.require();
        administrator();
        try (BrokerProcess broker = BrokerProcess.in(work).start();
                RecadoClient root = client(broker, "root", "root-pw")) {
            // Given
            root.admin().createTopic("orders", Map.of("kind", "queue")).join();
            root.admin().addUser("ben", "none", "ben-pw").join();
            root.admin().grant("ben", "/", "orders", "publish,consume").join();
            String[] line = {
                "/usr/bin/python3",
                SCRIPT.toString(),
                "consume",
                Integer.toString(broker.port("amqp")),
                "ben",
                "ben-pw",
                "orders"
            };
            String[] waiting = {
                "/usr/bin/python3", SCRIPT.toString(), "idle", Integer.toString(broker.port("amqp")), "ben", "ben-pw"
            };
            try (ScriptProcess consumer = ScriptProcess.start(work, line);
                    ScriptProcess channelless = ScriptProcess.start(work, waiting);
                    TextConnection idle = broker.connect()) {
                idle.ask("AUTH:ben:ben-pw");
                Waiting.until("it consumes", LIMIT, () -> consumer.out().contains("consuming"));
                Waiting.until("it idles", LIMIT, () -> channelless.out().contains("connected"));
                root.publish("orders", new byte[] {'1'}).join();
                Waiting.until("the first", LIMIT, () -> consumer.out().contains("got 1"));

                // When
                root.admin().revoke("ben", "/", "orders", "consume").join();
                root.publish("orders", new byte[] {'2'}).join();

                // Then
                Waiting.until("a cancel", LIMIT, () -> consumer.out().contains("cancelled"));
                assertThat(idle.pub("orders", "3")).startsWith("OK:MSG_ID");
                assertThat(root.admin().removeUser("ben", false).join()).isEqualTo("USER:REMOVE:ben");
                Waiting.until("its end", LIMIT, () -> consumer.out().contains("closed 320"));
                assertThat(consumer.out()).doesNotContain("got 2");
                Waiting.until(
                        "the end of the other", LIMIT, () -> channelless.out().contains("closed 320"));
                assertThat(idle.reply()).startsWith("ERROR:Session closed: the user, password");
                assertThatThrownBy(() -> idle.pub("orders", "4")).isInstanceOf(IOException.class);
            }
        }
    }

    @Test
    void shouldLetInByAKeyOfCurve() throws Exception {
        Tool.PYZMQ.require();
        // Given
        String[] server = script("keys").strip().split(" ");
        String[] known = script("keys").strip().split(" ");
        String[] unknown = script("keys").strip().split(" ");
        Path key = work.resolve("curve.key");
        Files.writeString(key, server[1] + "\n");
        administrator();
        stopped(Map.of(), "user", "add", "ben", "--no-password");
        stopped(Map.of(), "user", "grant", "ben", "zmtp.*", "publish");
        assertThat(command(Map.of(), "user", "key", "--data", data().toString(), "ben", "--", known[0]))
                .isEqualTo("changed user ben\nexit 0");

        // When, Then
        try (BrokerProcess broker = BrokerProcess.in(work)
                .set("zmtp.curve.key-file", key.toString())
                .start()) {
            String pull = Integer.toString(broker.port("zmtp-pull"));
            assertThat(script("zmtp", pull, "curve", server[0], known[0], known[1]))
                    .isEqualTo("succeeded\n");
            assertThat(script("zmtp", pull, "curve", server[0], unknown[0], unknown[1]))
                    .isEqualTo("refused\n");
            try (RecadoClient root = client(broker, "root", "root-pw")) {
                root.admin().revoke("ben", "/", "zmtp.*", "").join();
                assertThat(script("zmtp", pull, "curve", server[0], known[0], known[1]))
                        .isEqualTo("refused\n");
            }
        }
    }

    @Test
    void shouldLetInByACertificateThatStandsForAUser() throws Exception {
        Tool.OPENSSL.require();
        Tool.PIKA.require();
        // Given
        OpenSsl openSsl = new OpenSsl(work.resolve("tls"));
        Instant end = Instant.now().plus(Duration.ofDays(20));
        openSsl.sign("broker", end);
        openSsl.sign("ben", end, "DNS:host.example,email:ben@example.org");
        openSsl.sign("eva", end, "email:eva@example.org");
        administrator();
        stopped(Map.of(), "user", "add", "ben@example.org", "--no-password");
        stopped(Map.of(), "user", "grant", "ben@example.org", "orders", "publish,configure");
        BrokerProcess.Plan plan = BrokerProcess.in(work);
        for (String listener : List.of("text", "amqp")) {
            plan.set(
                    listener + ".tls.certificate", openSsl.certificate("broker").toString());
            plan.set(listener + ".tls.key", openSsl.key("broker").toString());
            plan.set(listener + ".tls.client-ca", openSsl.authority().toString());
        }

        // When, Then
        try (BrokerProcess broker = plan.start();
                RecadoClient root = byCertificate(broker, openSsl, "eva", "root", "root-pw");
                RecadoClient ben = byCertificate(broker, openSsl, "ben", null, "")) {
            ben.publish("orders", new byte[] {'1'}).join();
            assertThatThrownBy(() -> ben.publish("other", new byte[] {'1'}).join())
                    .hasMessageContaining("right=publish topic=other");
            try (RecadoClient eva = byCertificate(broker, openSsl, "eva", null, "")) {
                assertThatThrownBy(() -> eva.admin().listTopics().join())
                        .hasMessageContaining("AUTH:<user>:<password> first");
            }
            String amqp = Integer.toString(broker.port("amqp"));
            assertThat(external(amqp, openSsl, "ben", "orders")).isEqualTo("published\n");
            assertThat(external(amqp, openSsl, "eva", "orders")).startsWith("refused ");
            root.admin().removeUser("ben@example.org", false).join();
            assertThat(external(amqp, openSsl, "ben", "orders")).startsWith("refused ");
            Waiting.until("its session is gone", LIMIT, () -> root.admin().listSessions(0, 100).join().stream()
                    .noneMatch(session -> session.contains("\"user\":\"ben@example.org\"")));
        }
    }

    private static RecadoClient byCertificate(
            BrokerProcess broker, OpenSsl openSsl, String name, @Nullable String user, String password) {
        ClientOptions options = ClientOptions.of("localhost:" + broker.textPort())
                .tls(openSsl.authority())
                .clientCertificate(openSsl.certificate(name), openSsl.key(name));
        return RecadoClient.connect(user == null ? options : options.login(user, password));
    }

    private String external(String port, OpenSsl openSsl, String name, String queue) throws IOException {
        return script(
                "external",
                port,
                openSsl.authority().toString(),
                openSsl.certificate(name).toString(),
                openSsl.key(name).toString(),
                queue);
    }

    @Test
    void shouldListenBeyondThisMachineOnlyWhereItIsKnownWhoComes() throws Exception {
        // Given
        String[] open = {"broker", "--free-ports", "--set", "text.host=0.0.0.0"};

        // Then
        assertThat(stopped(Map.of(), open))
                .contains("text.host: 0.0.0.0 is not a loopback address")
                .contains("text.tls.certificate")
                .contains("--set text.plaintext=true")
                .endsWith("exit 2");
        Map<String, String> plaintext = Map.of("RECADO_TEXT_PLAINTEXT", "true");
        assertThat(stopped(plaintext, open))
                .contains("text.host=0.0.0.0: not loopback, and no user exists")
                .contains("recado user add NAME --role administrator --data DIR")
                .endsWith("exit 2");
        Path password = work.resolve("password");
        Files.writeString(password, "root-pw\nanything\n");
        BrokerProcess.Plan plan = BrokerProcess.in(work)
                .set("text.host", "0.0.0.0")
                .set("text.plaintext", "true")
                .set("security.first-admin.name", "root")
                .set("security.first-admin.password-file", password.toString());
        try (BrokerProcess broker = plan.start();
                RecadoClient root = client(broker, "root", "root-pw")) {
            assertThat(broker.process().err()).contains("text.plaintext=true: passwords to text on 0.0.0.0");
            root.admin().setPassword("root", "another-pw").join();
        }
        try (BrokerProcess again = plan.start()) {
            assertThatThrownBy(() -> client(again, "root", "root-pw"))
                    .isInstanceOf(RecadoException.class)
                    .hasMessageContaining("wrong user or password");
            client(again, "root", "another-pw").close();
        }
    }

    @Test
    void shouldOpenToEverybodyWhereThatIsWished() throws Exception {
        try (BrokerProcess broker = BrokerProcess.in(work)
                        .set("text.host", "0.0.0.0")
                        .set("security.insecure", "true")
                        .start();
                TextConnection text = broker.connect()) {
            assertThat(broker.process().err()).contains("security.insecure=true: whoever reaches text on 0.0.0.0");
            assertThat(text.list("STATS")).contains("insecure=1", "users=0");
        }
    }

    @Test
    void shouldLetInAtAListenerAsItsUser() throws Exception {
        administrator();
        stopped(Map.of(), "user", "add", "visitor", "--no-password");
        stopped(Map.of(), "user", "grant", "visitor", "open", "publish,configure");
        try (BrokerProcess broker = BrokerProcess.in(work)
                        .set("text.anonymous-user", "visitor")
                        .start();
                TextConnection text = broker.connect()) {
            assertThat(text.pub("open", "x")).startsWith("OK:MSG_ID");
            assertThat(text.pub("closed", "x")).startsWith("ERROR:Not authorized");
            assertThat(text.ask("AUTH:root:root-pw")).isEqualTo("OK:AUTH");
            assertThat(text.pub("closed", "x")).startsWith("OK:MSG_ID");
        }
    }

    @Test
    void shouldNoteLoginsAndAdministration() throws Exception {
        // Given
        administrator();
        try (BrokerProcess broker = BrokerProcess.in(work).start();
                RecadoClient root = client(broker, "root", "root-pw");
                TextConnection ben = broker.connect()) {
            root.admin().addUser("ben", "none", "ben-pw").join();
            String token = root.admin().addToken("ben", 0, "nightly", List.of()).join();

            // When
            ben.ask("AUTH:ben:wrong");
            ben.ask("AUTH:token:" + token);
            ben.ask("TOPIC:CREATE:orders");
            root.admin().createTopic("orders", Map.of()).join();
            root.admin().deleteTopic("orders").join();
            root.admin().createTopic("passing", Map.of("transient", "true")).join();
        }

        // Then
        String audit = Files.readString(data().resolve("audit.log"));
        assertThat(audit.lines().map(line -> line.replaceAll("^.\"time\":\"[^\"]+\",", "")
                        .replaceAll(":[0-9]{4,5}\"", "\"")))
                .containsSubsequence(
                        line("user.add", "recado", "text", "\"role\":\"administrator\",\"target\":\"root\"", "done\"}"),
                        line("login", "root", "", "", "done\"}"),
                        line("user.add", "root", "text", "\"role\":\"none\",\"target\":\"ben\"", "done\"}"),
                        line(
                                "login",
                                "ben",
                                "",
                                "",
                                "refused\",\"why\":\"NOT_AUTHENTICATED: wrong user or password\"}"),
                        line("login", "ben", "", "\"token\":\"" + tokenId(audit) + "\"", "done\"}"),
                        line(
                                "topic.create",
                                "ben",
                                "text",
                                "\"topic\":\"orders\"",
                                "refused\",\"why\":\"NOT_AUTHORIZED: right=configure topic=orders\"}"),
                        line("topic.create", "root", "text", "\"topic\":\"orders\"", "done\"}"),
                        line("topic.delete", "root", "text", "\"topic\":\"orders\"", "done\"}"));
        assertThat(audit).doesNotContain("passing").doesNotContain("rct_").doesNotContain("argon2");
    }

    private static String tokenId(String audit) {
        return audit.replaceAll("(?s).*\"event\":\"login\"[^\n]*\"token\":\"([0-9a-z]{8})\".*", "$1");
    }

    private static String line(String event, String user, String protocol, String about, String end) {
        return "\"event\":\"" + event + "\",\"user\":\"" + user + "\",\"peer\":\"127.0.0.1\",\"protocol\":\"" + protocol
                + "\"," + (about.isEmpty() ? "" : about + ",") + "\"outcome\":\"" + end;
    }

    @Test
    void shouldRemoveEvenTheLastFromAStoppedBroker() throws Exception {
        administrator();
        assertThat(stopped(Map.of(), "user", "remove", "root"))
                .contains("is the last administrator")
                .contains("--even-last removes it all the same")
                .endsWith("exit " + ExitCode.FAILED);
        assertThat(stopped(Map.of(), "user", "remove", "root", "--even-last")).isEqualTo("removed user root\nexit 0");
        try (BrokerProcess broker = BrokerProcess.in(work).start();
                TextConnection text = broker.connect()) {
            assertThat(text.ask("USER:LIST")).isEqualTo(".");
        }
    }
}
