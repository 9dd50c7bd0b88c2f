package dev.recado.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Classic files out of a running broker and into it; see {@code ClassicIT} for those that a broker reads itself. */
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class ExportImportIT {

    private static final Duration LIMIT = Duration.ofSeconds(60);

    private static Path work;
    private static BrokerProcess broker;

    @BeforeAll
    static void startBroker(@WorkDir Path directory) throws IOException {
        work = directory;
        broker = BrokerProcess.in(work).start();
    }

    @AfterAll
    static void stopBroker() {
        broker.close();
    }

    @Test
    void shouldBringEveryByteFromOneTopicToAnother() throws Exception {
        // Given
        List<byte[]> payloads = payloads();
        try (TextConnection publisher = broker.connect()) {
            for (byte[] payload : payloads) {
                publisher
                        .write("PUB:from:" + payload.length + "\n")
                        .write(payload)
                        .write("\n");
            }
            publisher.flush();
            for (int i = 0; i < payloads.size(); i++) {
                assertThat(publisher.reply()).isEqualTo("OK:MSG_ID:" + i);
            }
        }
        Path file = work.resolve("bytes.txt");
        long beforeS = System.currentTimeMillis() / 1000;

        // When
        run("export", "--topic", "from", "--to", file.toString());
        String told = run("import", file.toString(), "--topic", "to");

        // Then
        assertThat(told).contains("imported " + payloads.size() + " messages");
        List<byte[]> contents = new ArrayList<>();
        List<Long> times = new ArrayList<>();
        read(file, contents, times);
        assertThat(contents).usingElementComparator(Arrays::compare).containsExactlyElementsOf(payloads);
        assertThat(times).allMatch(time -> time >= beforeS - 60 && time <= beforeS + 60);
        try (TextConnection reader = broker.connect()) {
            reader.ask("SUB:to:g:65535:first");
            List<byte[]> arrived = reader.deliveries(payloads.size()).stream()
                    .map(TextConnection.Delivery::bytes)
                    .toList();
            assertThat(arrived).usingElementComparator(Arrays::compare).containsExactlyElementsOf(payloads);
        }
    }

    @Test
    void shouldExportToStandardOutputAndReplaceAFileOnlyWhenTold() throws Exception {
        // Given
        try (TextConnection client = broker.connect()) {
            client.pub("piped", "hello");
        }
        Path file = Files.writeString(work.resolve("piped.txt"), "precious");

        // When
        String piped = run("export", "--topic", "piped", "--to", "-");
        int refused = code("export", "--topic", "piped", "--to", file.toString());
        String before = Files.readString(file);
        run("export", "--topic", "piped", "--to", file.toString(), "--replace");

        // Then
        assertThat(piped).matches("0:[0-9]{10}:5:hello\n");
        assertThat(refused).isEqualTo(2);
        assertThat(before).isEqualTo("precious");
        assertThat(file).hasContent(piped);
        assertThat(work.resolve("-")).doesNotExist();
    }

    @Test
    void shouldKeepTheGroupsPositions() throws Exception {
        // Given
        try (TextConnection client = broker.connect()) {
            for (int i = 0; i < 10; i++) {
                client.pub("read", "m" + i);
            }
            client.ask("SUB:read:some%3Aname:10:first");
            client.deliveries(10);
            client.send("ACK:1:UPTO:3");
            assertThat(client.ask("ACK!:1:7")).isEqualTo("ACKED:1:7");
            client.ask("SUB:read:whole:auto:first");
            client.deliveries(10);
            assertThat(client.ask("UNSUB:2")).isEqualTo("OK:UNSUB:2");
        }
        Path file = work.resolve("read.txt");
        Path offsets = work.resolve("read.offsets");

        // When
        run("export", "--topic", "read", "--to", file.toString(), "--offsets", offsets.toString());
        try (TextConnection client = broker.connect()) {
            client.pub("copy", "was there before");
        }
        String told = run("import", file.toString(), "--topic", "copy", "--offsets", offsets.toString());

        // Then
        assertThat(Files.readString(offsets)).isEqualTo("CONSUMER:some%3Aname:4\nCONSUMER:whole:10\n");
        assertThat(told).contains("imported 10 messages").contains("2 positions");
        try (TextConnection client = broker.connect()) {
            client.ask("SUB:copy:some%3Aname:10");
            assertThat(client.deliveries(6).get(0).payload()).isEqualTo("m4");
            client.ask("SUB:copy:whole:10");
            assertThat(client.deliveryWithin(Duration.ofMillis(300))).isNull();
        }
    }

    @Test
    void shouldStoreNothingTwiceWhenInterruptedAndGivenAgain() throws Exception {
        // Given
        int count = 60_000;
        Path file = work.resolve("many.txt");
        try (var out = Files.newBufferedWriter(file)) {
            for (int i = 0; i < count; i++) {
                String content = "message number " + i;
                out.write(i + ":1700000000:" + content.length() + ":" + content + "\n");
            }
            out.write("CONSUMER:early:10\nCONSUMER:late:59990\n");
        }

        // When
        try (JarProcess importing =
                JarProcess.command(work, "import", file.toString(), "--topic", "many", "--broker", broker.address())) {
            try (TextConnection admin = broker.connect()) {
                Waiting.until("part of the import", LIMIT, () -> stored(admin) > 5_000);
            }
            importing.killNine();
        }
        String told = run("import", file.toString(), "--topic", "many");
        String again = run("import", file.toString(), "--topic", "many");

        // Then
        assertThat(told).contains("position").doesNotContain("problems");
        assertThat(again).contains("imported 0 messages").contains("passed over " + count);
        try (TextConnection reader = broker.connect()) {
            assertThat(reader.ask("SUB:many:all:auto:first")).isEqualTo("OK:SUB:1");
            List<TextConnection.Delivery> all = reader.deliveries(count);
            for (int i = 0; i < count; i++) {
                assertThat(all.get(i).payload()).isEqualTo("message number " + i);
            }
            assertThat(reader.deliveryWithin(Duration.ofMillis(200))).isNull();
            reader.ask("SUB:many:early:10");
            assertThat(reader.deliveries(1).get(0).payload()).isEqualTo("message number 10");
        }
    }

    @Test
    void shouldImportAnewIntoAPurgedLog() throws Exception {
        // Given
        Path file = Files.writeString(work.resolve("purged.txt"), "0:1:1:a\n1:1:1:b\n2:1:1:c\n");
        run("import", file.toString(), "--topic", "purged");
        run("topic", "purge", "purged");

        // When
        String told = run("import", file.toString(), "--topic", "purged");
        String again = run("import", file.toString(), "--topic", "purged");

        // Then
        assertThat(told).contains("imported 3 messages").doesNotContain("passed over");
        assertThat(again).contains("imported 0 messages").contains("passed over 3 that an earlier run had stored");
        assertThat(run("message", "browse", "purged", "-o", "json").lines()).hasSize(3);
    }

    @Test
    void shouldImportAConsumedQueueAnewOnlyWhenToldTo() throws Exception {
        // Given
        Path file = Files.writeString(work.resolve("consumed.txt"), "0:1:1:a\n1:1:1:b\n");
        run("topic", "create", "consumed", "--set", "kind=queue");
        run("import", file.toString(), "--topic", "consumed");
        run("consumer", "--topic", "consumed", "--group", "queue", "--count", "2");
        try (TextConnection admin = broker.connect()) {
            Waiting.until(
                    "a queue without what was consumed", LIMIT, () -> Figures.topic(admin, "consumed", "kept") == 0);
        }

        // When
        String told = run("import", file.toString(), "--topic", "consumed");
        String again = run("import", file.toString(), "--topic", "consumed", "--again");

        // Then
        assertThat(told).contains("imported 0 messages").contains("no longer in the topic", "--again");
        assertThat(again).contains("imported 2 messages").doesNotContain("passed over");
    }

    @Test
    void shouldTellWhatIsWrongWithLineNumbers() throws Exception {
        // Given
        Path file = Files.writeString(work.resolve("wrong.txt"), "0:1:2:ab\nrubbish\n1:1:9:short\n2:1:2:cd\n");

        // When
        try (JarProcess importing =
                JarProcess.command(work, "import", file.toString(), "--topic", "wrong", "--broker", broker.address())) {

            // Then
            assertThat(importing.exitCode(LIMIT)).as(importing::report).isEqualTo(1);
            assertThat(importing.out()).contains("imported 2 messages").contains("2 problems");
            assertThat(importing.err())
                    .contains("wrong.txt: line 2 passed over")
                    .contains("wrong.txt: line 3 passed over");
        }
    }

    @Test
    void shouldSayWhatItCannotDo() throws Exception {
        run("topic", "create", "wide", "--set", "partitions=2");
        assertThat(code(
                        "export",
                        "--topic",
                        "wide",
                        "--to",
                        work.resolve("wide.txt").toString()))
                .isEqualTo(1);
        assertThat(code(
                        "export",
                        "--topic",
                        "none",
                        "--to",
                        work.resolve("none.txt").toString()))
                .isEqualTo(1);
        assertThat(code("import", work.resolve("missing.txt").toString())).isEqualTo(2);
        assertThat(code("export")).isEqualTo(2);
        try (JarProcess nobody = JarProcess.command(
                work, "export", "--to", work.resolve("x.txt").toString(), "--broker", "127.0.0.1:1")) {
            assertThat(nobody.exitCode(LIMIT)).as(nobody::report).isEqualTo(3);
        }
    }

    /** Text of several scripts, control characters, line ends, no bytes at all, random bytes, and a large one. */
    private static List<byte[]> payloads() {
        List<byte[]> payloads = new ArrayList<>();
        for (String text :
                List.of("hola", "", "a:b:c", "línea\nséptima\r\n", "\u0000\u0001\"\\%\u007f\u2028", "𝄞 漢字")) {
            payloads.add(text.getBytes(StandardCharsets.UTF_8));
        }
        Random random = new Random(7);
        for (int i = 0; i < 1_500; i++) {
            byte[] bytes = new byte[random.nextInt(200)];
            random.nextBytes(bytes);
            payloads.add(bytes);
        }
        byte[] large = new byte[12 << 20];
        random.nextBytes(large);
        payloads.add(large);
        return payloads;
    }

    /** A reading of the format that shares no code with the product. */
    private static void read(Path file, List<byte[]> contents, List<Long> times) throws IOException {
        byte[] bytes = Files.readAllBytes(file);
        int at = 0;
        while (at < bytes.length) {
            long[] fields = new long[3];
            for (int i = 0; i < fields.length; i++) {
                ByteArrayOutputStream digits = new ByteArrayOutputStream();
                while (bytes[at] != ':') {
                    digits.write(bytes[at++]);
                }
                at++;
                fields[i] = Long.parseLong(digits.toString(StandardCharsets.US_ASCII));
            }
            assertThat(fields[0]).isEqualTo(contents.size());
            times.add(fields[1]);
            contents.add(Arrays.copyOfRange(bytes, at, at + (int) fields[2]));
            at += (int) fields[2];
            assertThat(bytes[at++]).isEqualTo((byte) '\n');
        }
    }

    private static long stored(TextConnection admin) {
        try {
            String line = admin.list("TOPIC:DESCRIBE:many").get(0);
            int at = line.indexOf("\"kept\":");
            return at < 0 ? 0 : Long.parseLong(line.substring(at + 7, line.indexOf(',', at)));
        } catch (IOException | AssertionError notYet) {
            return 0;
        }
    }

    private static int code(String... args) throws IOException {
        try (JarProcess command = JarProcess.command(work, withBroker(args))) {
            return command.exitCode(LIMIT);
        }
    }

    /** Runs a command that must succeed, and returns what it printed. */
    private static String run(String... args) throws IOException {
        try (JarProcess command = JarProcess.command(work, withBroker(args))) {
            assertThat(command.exitCode(LIMIT)).as(command::report).isZero();
            return command.out();
        }
    }

    private static String[] withBroker(String... args) {
        String[] all = Arrays.copyOf(args, args.length + 2);
        all[args.length] = "--broker";
        all[args.length + 1] = broker.address();
        return all;
    }
}
