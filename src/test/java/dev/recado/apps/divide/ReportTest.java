package dev.recado.apps.divide;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class ReportTest {

    static Stream<Report> reports() {
        return Stream.of(
                new Report.Batch("b1", 0),
                new Report.Done("b1", "/folder/ñandú 1.png", "worker-1", 1_234, 0),
                new Report.Failed("", "/folder/a.png", "worker-1", ""));
    }

    @ParameterizedTest
    @MethodSource("reports")
    void shouldReadWhatItWrites(Report report) {
        assertThat(Report.of(List.of(report.frames()))).isEqualTo(report);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "batch", "batch|b", "batch|b|-1", "batch|b|x", "batch|b|1|2", "done|b|p|w|1|", "task|b|1"})
    void shouldRefuseWhatIsNoReport(String frames) {
        assertThat(Report.of(Stream.of(frames.split("\\|", -1))
                        .map(frame -> frame.getBytes(UTF_8))
                        .toList()))
                .isNull();
    }

    @Test
    void shouldNeverThrowForWhatAPeerSent() {
        Random random = new Random(11);
        for (int round = 0; round < 2_000; round++) {
            List<byte[]> frames = IntStream.rangeClosed(0, random.nextInt(7))
                    .mapToObj(i -> {
                        byte[] frame = new byte[random.nextInt(5)];
                        random.nextBytes(frame);
                        return frame;
                    })
                    .toList();
            assertThat(Report.of(frames)).isNull();
        }
    }

    @Test
    void shouldTellTasksFromEnds() {
        // Given
        Task task = new Task("/a.png", "b1");

        // When / Then
        assertThat(Task.isEnd(List.of(Task.end()))).isTrue();
        assertThat(Task.isEnd(List.of(task.frames()))).isFalse();
        assertThat(Task.isEnd(List.of(new byte[0], new byte[0]))).isFalse();
        assertThat(Task.of(List.of(task.frames()))).isEqualTo(task);
        assertThat(Task.of(List.of("/a.png".getBytes(UTF_8)))).isEqualTo(new Task("/a.png", ""));
    }
}
