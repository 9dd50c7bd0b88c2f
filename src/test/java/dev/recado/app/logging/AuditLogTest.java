package dev.recado.app.logging;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.recado.base.ErrorCode;
import dev.recado.base.Refusal;
import dev.recado.base.TimeSource;
import dev.recado.security.Audit;
import dev.recado.transport.FakeClock;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AuditLogTest {

    @TempDir
    Path folder;

    private Path file() {
        return folder.resolve("audit 100%.log");
    }

    private AuditLog open(long bytesMax) {
        return new AuditLog(file(), bytesMax, TimeSource.system());
    }

    private static Audit.Entry entry(String user, Map<String, String> about, @Nullable Refusal refusal) {
        return new Audit.Entry("user.grant", new Audit.Actor(user, "10.0.0.1:5", "text"), about, refusal);
    }

    private static List<JsonNode> lines(Path file) throws IOException {
        List<JsonNode> lines = new ArrayList<>();
        for (String line : Files.readAllLines(file)) {
            lines.add(new ObjectMapper().readTree(line));
        }
        return lines;
    }

    @Test
    void shouldWriteALineOfJsonForEachEntry() throws IOException {
        // Given
        Refusal refusal = Refusal.of(ErrorCode.NOT_AUTHORIZED, "right=administer node");

        // When
        try (AuditLog log = open(1 << 20)) {
            log.note(entry("ana\"\n{}", Map.of("target", "bön"), null));
            log.note(entry("ben", Map.of(), refusal));
        }

        // Then
        List<JsonNode> lines = lines(file());
        assertThat(lines).hasSize(2);
        assertThat(lines.get(0).get("user").asText()).isEqualTo("ana\"\n{}");
        assertThat(lines.get(0).get("target").asText()).isEqualTo("bön");
        assertThat(lines.get(0).get("outcome").asText()).isEqualTo("done");
        assertThat(lines.get(1).get("outcome").asText()).isEqualTo("refused");
        assertThat(lines.get(1).get("why").asText()).isEqualTo("NOT_AUTHORIZED: right=administer node");
        assertThat(Instant.parse(lines.get(1).get("time").asText()))
                .isBefore(Instant.now().plusSeconds(60));
    }

    @Test
    void shouldOpenNothingBeforeThereIsSomethingToWrite() throws IOException {
        open(1 << 20).close();
        try (Stream<Path> files = Files.list(folder)) {
            assertThat(files).isEmpty();
        }
    }

    @Test
    void shouldGoOnBehindWhatIsThere() throws IOException {
        for (int i = 0; i < 3; i++) {
            try (AuditLog log = open(1 << 20)) {
                log.note(entry("ana", Map.of(), null));
            }
        }
        assertThat(lines(file())).hasSize(3);
    }

    @Test
    void shouldWriteWhatComesBeforeItsEndAndNothingBehindIt() throws IOException {
        // Given
        AuditLog log = open(1 << 30);

        // When
        for (int i = 0; i < 5_000; i++) {
            log.note(entry("user " + i, Map.of(), null));
        }
        log.close();
        log.note(entry("late", Map.of(), null));

        // Then
        Set<String> users = new HashSet<>();
        lines(file()).forEach(line -> users.add(line.get("user").asText()));
        assertThat(users.size() + log.lost()).isEqualTo(5_000);
        assertThat(users).doesNotContain("late");
    }

    /** Who is refused all the time must not have it roll over what was done. */
    @Test
    void shouldBoundWhatIsWrittenOfRefusals() throws IOException {
        // Given
        FakeClock clock = new FakeClock();
        Refusal refusal = Refusal.of(ErrorCode.NOT_AUTHORIZED, "right=administer node");

        // When
        try (AuditLog log = new AuditLog(file(), 1 << 20, clock)) {
            for (int i = 0; i < 1_000; i++) {
                log.note(entry("eva", Map.of(), refusal));
            }
            log.note(entry("ana", Map.of(), null));
            clock.nowMs += 1_000;
            log.note(entry("eva", Map.of(), refusal));

            // Then
            assertThat(log.lost()).isEqualTo(950);
        }
        assertThat(lines(file())).hasSize(52);
    }
}
