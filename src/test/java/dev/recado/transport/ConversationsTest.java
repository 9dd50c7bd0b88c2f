package dev.recado.transport;

import static org.assertj.core.api.Assertions.assertThat;

import dev.recado.base.ByteGauge;
import dev.recado.base.ByteWriter;
import dev.recado.base.Refusal;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** One connection with two conversations: each byte is a command, a letter of the first or a digit of the second. */
class ConversationsTest {

    /** Commands of one byte that are kept before nothing more is read. */
    private static final int KEPT_MAX =
            (Conversations.HELD_BYTES_MAX + Conversations.COMMAND_BYTES) / (1 + Conversations.COMMAND_BYTES);

    private final IdleWire wire = new IdleWire();
    private final List<String> performed = new ArrayList<>();
    private final Frame frame = new Frame(wire);
    private final Conversations all = new Conversations(frame);
    private final Talk letters = new Talk();
    private final Talk digits = new Talk();

    @Test
    void shouldGoOnBesideOneThatIsHeldUp() {
        // Given
        receive("a1");
        letters.pause(Pauses.Reason.ANSWER);

        // When
        receive("b2c3");

        // Then
        assertThat(performed).containsExactly("a", "1", "2", "3");
        letters.lift(Pauses.Reason.ANSWER);
        assertThat(performed).containsExactly("a", "1", "2", "3", "b", "c");
        assertThat(all.heldBytes()).isZero();
    }

    @Test
    void shouldKeepTheOrderOfOneThatIsHeldUpAgain() {
        letters.onBackPressure(true);
        letters.pause(Pauses.Reason.ANSWER);
        receive("ab");
        letters.onBackPressure(false);
        assertThat(performed).isEmpty();
        letters.pauseAfter = "a";
        letters.lift(Pauses.Reason.ANSWER);
        receive("c");
        assertThat(performed).containsExactly("a");
        letters.lift(Pauses.Reason.ANSWER);
        assertThat(performed).containsExactly("a", "b", "c");
    }

    @Test
    void shouldReadNothingWhileTooMuchIsKept() {
        // Given
        letters.pause(Pauses.Reason.ANSWER);

        // When
        receive("a".repeat(KEPT_MAX) + "1");

        // Then
        assertThat(wire.reading).isFalse();
        assertThat(performed).isEmpty();
        letters.lift(Pauses.Reason.ANSWER);
        assertThat(performed).hasSize(KEPT_MAX + 1).containsOnlyOnce("1");
        assertThat(wire.reading).isTrue();
        assertThat(all.heldBytes()).isZero();
    }

    @Test
    void shouldForgetWhatWasKeptOfOneThatEnds() {
        letters.pause(Pauses.Reason.ANSWER);
        receive("a".repeat(KEPT_MAX));
        letters.end();
        assertThat(all.heldBytes()).isZero();
        receive("b1");
        assertThat(performed).containsExactly("1");
    }

    @Test
    void shouldPerformInOrderWhatComesWhileItGoesOn() {
        // Given
        letters.pause(Pauses.Reason.ANSWER);
        receive("a".repeat(KEPT_MAX) + "yz");

        // When
        letters.lift(Pauses.Reason.ANSWER);

        // Then
        assertThat(performed).hasSize(KEPT_MAX + 2).endsWith("a", "y", "z");
    }

    @Test
    void shouldEndOnceEverythingIsPerformed() {
        // Given
        letters.pause(Pauses.Reason.ANSWER);
        receive("ab1");

        // When
        frame.onEndOfInput();

        // Then
        assertThat(frame.isOpen()).isTrue();
        letters.lift(Pauses.Reason.ANSWER);
        assertThat(performed).containsExactly("1", "a", "b");
        assertThat(frame.isOpen()).isFalse();
    }

    @Test
    void shouldPerformNothingMoreOfAConnectionThatEnds() {
        letters.pause(Pauses.Reason.ANSWER);
        receive("ab");
        frame.drain();
        letters.lift(Pauses.Reason.ANSWER);
        assertThat(performed).isEmpty();
    }

    private void receive(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.US_ASCII);
        frame.onBytes(bytes, 0, bytes.length);
    }

    private final class Talk extends Conversation {
        private String pauseAfter = "";

        private Talk() {
            super(all);
        }

        @Override
        protected void perform(byte[] bytes, int from, int length) {
            String command = new String(bytes, from, length, StandardCharsets.US_ASCII);
            performed.add(command);
            if (command.equals(pauseAfter)) {
                pause(Pauses.Reason.ANSWER);
            }
        }

        @Override
        public void onClosedByBroker(Refusal refusal) {
            end();
        }
    }

    private final class Frame extends SessionFrame {
        private final ByteWriter kept = new ByteWriter(64);
        private byte[] bytes = {};
        private int at;
        private int end;

        private Frame(Wire wire) {
            super(wire, new LoopScratch(), new FakeClock(), ByteGauge.NONE);
        }

        @Override
        protected void feed(byte[] given, int from, int length) {
            kept.put(given, from, length);
            bytes = kept.array();
            end = kept.size();
        }

        @Override
        protected Decoded next() {
            return at < end ? Decoded.COMMAND : Decoded.NEED_MORE;
        }

        @Override
        protected void perform(Decoded what) {
            int command = at++;
            (Character.isLetter(bytes[command]) ? letters : digits).take(bytes, command, 1);
        }

        @Override
        protected void onMalformed() {}

        @Override
        protected void keep() {}

        @Override
        protected boolean takesMore() {
            return true;
        }

        @Override
        protected void onAllRead() {
            end(CLOSING_MS_MAX);
        }

        @Override
        protected void closeInput() {}

        @Override
        protected void encode(ByteWriter out, int bytesMax) {}

        @Override
        protected boolean owesNothing() {
            return true;
        }

        @Override
        protected void flushSoon() {
            flush();
        }

        @Override
        protected void checkTimes(long nowMs) {}

        @Override
        protected void release() {}
    }
}
