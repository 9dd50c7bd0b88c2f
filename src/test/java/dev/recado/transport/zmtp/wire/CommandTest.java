package dev.recado.transport.zmtp.wire;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.junit.jupiter.api.Test;

class CommandTest {

    private final Command command = new Command();

    @Test
    void shouldTakeAPingApart() {
        // Given
        byte[] body = Recorded.hex("0450494e47" + "001e" + "6162");

        // When
        boolean read = command.read(body, 0, body.length);

        // Then
        assertThat(read).isTrue();
        assertThat(command.is(Command.PING)).isTrue();
        assertThat(command.is(Command.PONG)).isFalse();
        assertThat(command.is("PIN")).isFalse();
        assertThat(command.dataStart()).isEqualTo(5);
        assertThat(command.dataLength()).isEqualTo(4);
    }

    @Test
    void shouldRefuseWhatHasNoName() {
        for (String bad : new String[] {"", "00", "0050494e47", "05504f4e47", "ff"}) {
            byte[] body = Recorded.hex(bad);
            assertThat(command.read(body, 0, body.length)).as(bad).isFalse();
        }
    }

    @Test
    void shouldShowTheReasonOfAnErrorAsFarAsItIsText() {
        assertThat(reason("02" + "6e6f")).isEqualTo("no");
        assertThat(reason("")).isEmpty();
        assertThat(reason("00")).isEmpty();
        assertThat(reason("ff" + "6e6f")).isEqualTo("no");
        assertThat(reason("06" + "610a1b5be97f")).isEqualTo("a??[??");
    }

    private String reason(String data) {
        byte[] body = Recorded.hex("054552524f52" + data);
        assertThat(command.read(body, 0, body.length)).isTrue();
        return command.errorReason();
    }

    @Test
    void shouldNeverThrowForRubbish() {
        Random random = new Random(3);
        for (int i = 0; i < 20_000; i++) {
            byte[] rubbish = new byte[random.nextInt(12)];
            random.nextBytes(rubbish);
            if (rubbish.length > 0 && i % 2 == 0) {
                rubbish[0] = (byte) random.nextInt(12);
            }
            if (command.read(rubbish, 0, rubbish.length)) {
                assertThat(command.dataStart() + command.dataLength()).isEqualTo(rubbish.length);
                String reason = command.errorReason();
                assertThat(StandardCharsets.US_ASCII.newEncoder().canEncode(reason))
                        .isTrue();
            }
        }
    }
}
