package dev.recado.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * The same conversations with RabbitMQ and with Recado, in which clients hear the same. Where they do not, {@code
 * known.txt} says why, and what Recado's clients hear instead; {@code not-yet.txt} has those that are not settled. With
 * {@code -Drecado.differential.out=FILE} all differences go to a file, in the form of {@code known.txt}.
 */
class AmqpDifferentialIT {

    private static final Path RESOURCES = Path.of("src", "test", "resources", "amqp", "differential");

    @SuppressWarnings("NullAway.Init") // JUnit sets it before a test begins.
    @WorkDir
    static Path work;

    @SuppressWarnings("NullAway.Init") // Set before a test begins.
    private static RabbitProcess rabbit;

    @SuppressWarnings("NullAway.Init") // Set before a test begins.
    private static BrokerProcess broker;

    private int number;

    @BeforeAll
    static void startBoth() throws IOException {
        Tool.RABBITMQ.require();
        rabbit = RabbitProcess.start(work);
        broker = BrokerProcess.in(work).start();
    }

    @AfterAll
    static void endBoth() {
        if (broker != null) {
            broker.close();
        }
        if (rabbit != null) {
            rabbit.close();
        }
    }

    private static List<AmqpConversation> scripted() throws IOException {
        List<AmqpConversation> all = new ArrayList<>(AmqpConversations.all());
        try (Stream<Path> files = Files.list(RESOURCES.resolve("scripts"))) {
            for (Path file : files.sorted().toList()) {
                all.addAll(AmqpConversation.parse(Files.readString(file)));
            }
        }
        return all;
    }

    /** By name of the conversation. */
    private static Map<String, List<String>> read(String file) throws IOException {
        Map<String, List<String>> all = new LinkedHashMap<>();
        for (AmqpConversation each : AmqpConversation.parse(Files.readString(RESOURCES.resolve(file)))) {
            all.put(each.name(), each.lines());
        }
        return all;
    }

    @TestFactory
    Stream<DynamicTest> shouldSayTheSame() throws IOException {
        Map<String, List<String>> known = read("known.txt");
        Map<String, List<String>> notYet = read("not-yet.txt");
        List<AmqpConversation> all = scripted();
        assertThat(all).hasSizeGreaterThan(300);
        assertThat(all)
                .extracting(AmqpConversation::name)
                .doesNotHaveDuplicates()
                .containsAll(known.keySet());
        return all.stream()
                .map(each -> DynamicTest.dynamicTest(
                        each.name(), () -> compare(each, known.get(each.name()), notYet.containsKey(each.name()))));
    }

    private void compare(AmqpConversation conversation, List<String> known, boolean notYet) throws IOException {
        number++;
        String unique = "-n" + number + "n-";
        List<String> there = conversation.hold(rabbit.port(), unique);
        List<String> here = conversation.hold(broker.port("amqp"), unique);
        if (!there.equals(here)) {
            note(conversation, there, here);
        }
        if (notYet) {
            return;
        }
        String said = String.join("\n", conversation.lines()) + "\nthere:\n" + String.join("\n", there) + "\nhere:\n"
                + String.join("\n", here);
        assertThat(here).as(said).isEqualTo(known == null ? there : known);
        if (known != null) {
            assertThat(here).as("differs no more, and is listed").isNotEqualTo(there);
        }
    }

    private static void note(AmqpConversation conversation, List<String> there, List<String> here) throws IOException {
        String file = System.getProperty("recado.differential.out");
        if (file != null) {
            StringBuilder text = new StringBuilder("= " + conversation.name() + "\n");
            conversation
                    .lines()
                    .forEach(line -> text.append("#   ").append(line).append('\n'));
            there.forEach(line -> text.append("# RabbitMQ: ").append(line).append('\n'));
            here.forEach(line -> text.append(line).append('\n'));
            Files.writeString(Path.of(file), text, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
        }
    }
}
