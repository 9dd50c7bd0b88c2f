package dev.recado.apps.monitor;

import static org.assertj.core.api.Assertions.assertThat;

import dev.recado.apps.monitor.MonitorMessage.Kind;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MonitorMessageTest {

    @Test
    void shouldWriteALine() {
        assertThat(new MonitorMessage(Kind.HEARTBEAT, 3).encode())
                .isEqualTo("HEARTBEAT 3\n".getBytes(StandardCharsets.US_ASCII));
    }

    @Test
    void shouldReadWhatItWrote() {
        for (Kind kind : Kind.values()) {
            for (int id : new int[] {1, 42, MonitorMessage.ID_MAX}) {
                MonitorMessage message = new MonitorMessage(kind, id);
                String line = new String(message.encode(), StandardCharsets.US_ASCII);
                assertThat(line.length()).isLessThanOrEqualTo(MonitorMessage.LINE_BYTES_MAX);
                assertThat(MonitorMessage.decode(line.strip())).isEqualTo(message);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "HEARTBEAT",
                "HEARTBEAT ",
                "heartbeat 3",
                "HEARTBEAT  3",
                "HEARTBEAT 3 ",
                "HEARTBEAT 0",
                "HEARTBEAT -1",
                "HEARTBEAT 1000000000",
                "HEARTBEAT 99999999999999999999",
                "HEARTBEAT 3x",
                "PING 3"
            })
    void shouldRefuseWhatIsNoMessage(String line) {
        assertThat(MonitorMessage.decode(line)).isNull();
    }

    @Test
    void shouldNeverFailOnGarbage() {
        Random random = new Random(5);
        for (int i = 0; i < 20_000; i++) {
            StringBuilder line = new StringBuilder(i % 2 == 0 ? "VICTORY 12" : "");
            for (int edits = random.nextInt(6); edits >= 0; edits--) {
                line.insert(random.nextInt(line.length() + 1), (char) random.nextInt(256));
            }
            MonitorMessage read = MonitorMessage.decode(line.toString());
            if (read != null) {
                assertThat(read.from()).isBetween(1, MonitorMessage.ID_MAX);
            }
        }
    }
}
