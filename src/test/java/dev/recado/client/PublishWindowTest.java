package dev.recado.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.recado.base.ByteWriter;
import java.util.ArrayDeque;
import java.util.Random;
import org.junit.jupiter.api.Test;

class PublishWindowTest {

    private static InFlight publish(int bytes) {
        ByteWriter command = new ByteWriter(bytes);
        command.skip(bytes);
        return new InFlight(command, null, null);
    }

    @Test
    void shouldAgreeWithAQueue() {
        for (int seed = 0; seed < 50; seed++) {
            // Given
            Random random = new Random(seed);
            PublishWindow window = new PublishWindow();
            window.startAt(random.nextInt(1_000_000));
            ArrayDeque<InFlight> model = new ArrayDeque<>();

            for (int i = 0; i < 20_000; i++) {
                // When
                if (model.size() < ClientOptions.IN_FLIGHT_MAX && random.nextInt(100) < 55) {
                    InFlight added = publish(random.nextInt(100));
                    window.add(added);
                    model.add(added);
                } else if (!model.isEmpty()) {
                    assertThat(window.removeFirst()).isSameAs(model.poll());
                }
            }

            // Then
            assertThat(window.size()).as("seed=%d", seed).isEqualTo(model.size());
            assertThat(window.bytes())
                    .isEqualTo(
                            model.stream().mapToLong(one -> one.command.size()).sum());
        }
    }

    @Test
    void shouldNeverHoldMoreThanTheBrokerRemembers() {
        // Given
        PublishWindow window = new PublishWindow();
        for (int i = 0; i < ClientOptions.IN_FLIGHT_MAX; i++) {
            window.add(publish(1));
        }

        // When / Then
        assertThatThrownBy(() -> window.add(publish(1))).isInstanceOf(AssertionError.class);
    }
}
