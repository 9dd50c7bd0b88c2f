package dev.recado.transport.zmtp;

import static org.assertj.core.api.Assertions.assertThat;

import dev.recado.broker.SubscriptionLink;
import java.lang.reflect.Proxy;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** The ring against a queue of records. */
class HandedOverTest {

    private record Message(int partition, long offset, long position) {}

    private final List<String> acks = new ArrayList<>();
    private final SubscriptionLink subscription = (SubscriptionLink) Proxy.newProxyInstance(
            SubscriptionLink.class.getClassLoader(),
            new Class<?>[] {SubscriptionLink.class},
            (self, method, arguments) -> {
                acks.add(method.getName() + Arrays.toString(arguments));
                return null;
            });

    @Test
    void shouldDoWhatAQueueDoes() {
        for (int seed = 0; seed < 200; seed++) {
            Random random = new Random(seed);
            HandedOver ring = new HandedOver();
            ArrayDeque<Message> model = new ArrayDeque<>();
            List<Message> unsealed = new ArrayList<>();
            long position = 0;
            long taken = 0;
            for (int step = 0; step < 300; step++) {
                switch (random.nextInt(5)) {
                    case 0, 1 -> {
                        Message added = new Message(random.nextInt(3), random.nextLong(1 << 20), -1);
                        ring.add(added.partition(), added.offset());
                        unsealed.add(added);
                    }
                    case 2 -> {
                        position += random.nextInt(5);
                        ring.seal(position);
                        for (Message each : unsealed) {
                            model.add(new Message(each.partition(), each.offset(), position));
                        }
                        unsealed.clear();
                    }
                    case 3 -> {
                        taken = Math.max(taken, position - random.nextInt(8));
                        ring.onWritten(taken);
                    }
                    default -> {
                        if (ring.sealed() > 0) {
                            Message first = model.remove();
                            acks.clear();
                            ring.finishFirst(subscription);
                            assertThat(acks)
                                    .containsExactly(
                                            "ackAtOnce" + List.of(first.partition(), first.offset(), first.offset()));
                        }
                    }
                }
                ring.onWritten(taken);
                assertThat(ring.sealed()).isEqualTo(model.size());
                long bound = taken;
                assertThat(ring.written()).as("seed %d, step %d", seed, step).isEqualTo((int) model.stream()
                        .takeWhile(each -> each.position() <= bound)
                        .count());
            }
        }
    }
}
