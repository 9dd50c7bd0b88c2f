package dev.recado.transport.zmtp;

import static org.assertj.core.api.Assertions.assertThat;

import dev.recado.base.ByteWriter;
import dev.recado.core.message.Draft;
import dev.recado.core.message.MessageLayout;
import dev.recado.core.message.MessageView;
import dev.recado.transport.SlicedOutput;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Frames in slices against those of {@link Parts} as a whole. */
class FrameSlicesTest {

    private static final int SEEDS = 2_000;

    private final Parts parts = new Parts();
    private final MessageView view = new MessageView();

    private static byte[] message(Random random) {
        byte[] bytes = new byte[1_000];
        random.nextBytes(bytes);
        Draft draft = new Draft();
        if (random.nextBoolean()) {
            draft.key(bytes, 0, random.nextInt(400));
        }
        int payload = random.nextInt(900);
        draft.payload(bytes, 50, payload);
        if (random.nextBoolean()) {
            draft.partCount = 1 + random.nextInt(12);
            draft.partLengths = new int[draft.partCount];
            int left = payload;
            for (int i = 0; i < draft.partCount - 1; i++) {
                draft.partLengths[i] = random.nextInt(4) == 0 ? 0 : random.nextInt(left + 1);
                left -= draft.partLengths[i];
            }
            draft.partLengths[draft.partCount - 1] = left;
        }
        ByteWriter out = new ByteWriter(64);
        out.skip(3);
        MessageLayout.write(out, draft);
        return out.toByteArray();
    }

    @Test
    void shouldWriteTheFramesThatAreWrittenAtOnce() {
        for (int seed = 0; seed < SEEDS; seed++) {
            // Given
            Random random = new Random(seed);
            byte[] message = message(random);
            assertThat(view.read(message, 3)).isTrue();
            ByteWriter expected = new ByteWriter(64);
            parts.toFrames(view, expected);
            SlicedOutput slices = Parts.toSlices(view);

            // When
            ByteWriter all = new ByteWriter(64);
            ByteWriter out = new ByteWriter(64);
            boolean more = true;
            while (more) {
                out.clear();
                int bytesMax = SlicedOutput.ROOM_BYTES_LEAST + random.nextInt(200);
                more = slices.next(out, bytesMax);
                assertThat(out.size()).isLessThanOrEqualTo(bytesMax);
                all.put(out.array(), 0, out.size());
            }

            // Then
            assertThat(all.toByteArray()).as("seed %d", seed).isEqualTo(expected.toByteArray());
        }
    }
}
