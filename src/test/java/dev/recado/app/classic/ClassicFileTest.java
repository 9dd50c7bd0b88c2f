package dev.recado.app.classic;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class ClassicFileTest {

    private static final int LIMIT = 64;

    private final ByteArrayOutputStream rejected = new ByteArrayOutputStream();

    @Test
    void shouldReadMessagesWithColonsAndLineEndsInside() throws IOException {
        // When
        List<String> read = read("1:1732147200:5:hello\n2:1732147201:7:a:b\nc:d\n3:1732147202:0:\n");

        // Then
        assertThat(read).containsExactly("1 1732147200000 hello", "2 1732147201000 a:b\nc:d", "3 1732147202000 ");
    }

    @Test
    void shouldTakeLargeTimestampsForMilliseconds() throws IOException {
        assertThat(read("1:1732147200123:1:x\n2:99999999999:1:y"))
                .containsExactly("1 1732147200123 x", "2 99999999999000 y");
    }

    @Test
    void shouldReadConsumers() throws IOException {
        assertThat(read("CONSUMER:stranger:18\r\nCONSUMER:5:0\n"))
                .containsExactly("consumer stranger 18", "consumer 5 0");
    }

    @Test
    void shouldAcceptOtherLineEndsBlankLinesAndAnUnendedLastLine() throws IOException {
        assertThat(read("1:2:1:x\r\n\r\n\n2:3:1:y")).containsExactly("1 2000 x", "2 3000 y");
    }

    @Test
    void shouldReportBadLinesWithTheirNumberAndGoOn() throws IOException {
        // Given
        String file = """
                nonsense
                1:2:3:abc
                1:2:9:abc
                2:3:x:abc
                :::
                3:4:2:a
                b
                CONSUMER:no-offset
                CONSUMER:a:b:3
                7:8:65:too long
                4:5:1:z
                99999999999999999999:1:1:x
                1:2
                5:6:1:w
                """;

        // When
        List<String> read = read(file);

        // Then
        assertThat(read)
                .containsExactly(
                        "problem 1 not MSG_ID:TIMESTAMP:SIZE:CONTENT",
                        "1 2000 abc",
                        "problem 3 content is not of its size size=9",
                        "problem 4 not MSG_ID:TIMESTAMP:SIZE:CONTENT",
                        "problem 5 not MSG_ID:TIMESTAMP:SIZE:CONTENT",
                        "problem 6 content is not of its size size=2",
                        "problem 7 not MSG_ID:TIMESTAMP:SIZE:CONTENT",
                        "problem 8 not CONSUMER:ID:OFFSET",
                        "problem 9 not CONSUMER:ID:OFFSET",
                        "problem 10 content too long size=65 limit=64",
                        "4 5000 z",
                        "problem 12 not MSG_ID:TIMESTAMP:SIZE:CONTENT",
                        "problem 13 not MSG_ID:TIMESTAMP:SIZE:CONTENT",
                        "5 6000 w");
        assertThat(rejected.toString(UTF_8))
                .isEqualTo(file.lines()
                        .filter(line -> !line.matches("1:2:3:abc|4:5:1:z|5:6:1:w"))
                        .collect(Collectors.joining("\n", "", "\n")));
    }

    @Test
    void shouldHandOverRejectedLinesByteByByte() throws IOException {
        // Given
        String longLine = "CONSUMER:" + "x".repeat(5_000) + ":1\r\n";
        String file = longLine + "CONSUMER:a\r\n1:2:1:x\n\u00FF\0\r\n3:4:9:unended";

        // When
        List<String> read = read(file.getBytes(ISO_8859_1));

        // Then
        assertThat(read).hasSize(5).contains("1 2000 x");
        assertThat(rejected.toString(ISO_8859_1)).isEqualTo(file.replace("1:2:1:x\n", ""));
    }

    @Test
    void shouldReadBackWhatItWrites() throws IOException {
        for (long seed = 0; seed < 200; seed++) {
            // Given
            Random random = new Random(seed);
            ByteArrayOutputStream file = new ByteArrayOutputStream();
            ClassicWriter writer = new ClassicWriter(file);
            List<String> expected = new ArrayList<>();
            for (int i = 0; i < 20; i++) {
                byte[] content = new byte[random.nextInt(LIMIT + 1)];
                random.nextBytes(content);
                writer.message(i, i, content, 0, content.length);
                expected.add(i + " " + i * 1000L + " " + new String(content, ISO_8859_1));
            }
            writer.consumer("ñandú", seed);
            expected.add("consumer ñandú " + seed);

            // When / Then
            assertThat(read(file.toByteArray())).as("seed " + seed).isEqualTo(expected);
        }
    }

    @Test
    void shouldSurviveGarbage() throws IOException {
        byte[] good = "1:1732147200:5:hello\nCONSUMER:stranger:18\n2:1732147201:7:a:b\nc:d\n".getBytes(UTF_8);
        for (long seed = 0; seed < 2_000; seed++) {
            // Given
            Random random = new Random(seed);
            byte[] bytes = good.clone();
            for (int i = random.nextInt(6); i >= 0; i--) {
                bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
            }

            // When
            List<String> read = read(bytes);

            // Then
            assertThat(read).as("seed " + seed).hasSizeLessThanOrEqualTo(bytes.length);
        }
    }

    private List<String> read(String file) throws IOException {
        return read(file.getBytes(UTF_8));
    }

    private List<String> read(byte[] file) throws IOException {
        List<String> found = new ArrayList<>();
        new ClassicReader(new ByteArrayInputStream(file), LIMIT).read(new ClassicSink() {
            @Override
            public void onMessage(long id, long timestamp, byte[] content) {
                found.add(id + " " + ClassicReader.millisOf(timestamp) + " " + new String(content, ISO_8859_1));
            }

            @Override
            public void onConsumer(String consumer, long offset) {
                found.add("consumer " + consumer + " " + offset);
            }

            @Override
            public OutputStream onProblem(long line, String fact) {
                found.add("problem " + line + " " + fact);
                return rejected;
            }
        });
        return found;
    }
}
