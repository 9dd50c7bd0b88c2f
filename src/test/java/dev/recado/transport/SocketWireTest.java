package dev.recado.transport;

import static org.assertj.core.api.Assertions.assertThat;

import dev.recado.base.ByteWriter;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.channel.embedded.EmbeddedChannel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A wire over Netty's embedded channel, whose loop turns when it is told to. */
class SocketWireTest {

    private static final int BUDGET_BYTES = 1_000;

    private final SocketBuffers buffers = new SocketBuffers(BUDGET_BYTES);
    private final ArrayDeque<Runnable> loop = new ArrayDeque<>();
    private final List<String> gone = new ArrayList<>();
    private final List<Throwable> failures = new ArrayList<>();

    /** One connection: a channel, the wire over it, and a session that notes what it is told. */
    private final class Connection implements WireSession {
        final List<String> told = new ArrayList<>();
        boolean closesOnceWritten;
        final EmbeddedSocket socket = new EmbeddedSocket(buffers, loop::add, failures::add, () -> gone.add("gone"));
        final EmbeddedChannel channel = socket.channel;
        final SocketWire wire = socket.wire;

        Connection() {
            wire.start(unused -> this);
        }

        void receive(String text) {
            socket.receive(text);
        }

        void write(int bytes) {
            ByteWriter out = new ByteWriter(bytes);
            out.skip(bytes);
            wire.write(out);
        }

        /** Bytes that the other end got. */
        int sent() {
            return socket.sent().length();
        }

        @Override
        public void onBytes(byte[] bytes, int from, int length) {
            String text = new String(bytes, from, length, StandardCharsets.US_ASCII);
            if (text.equals("bug")) {
                throw new IllegalStateException("a bug");
            }
            told.add(text);
        }

        @Override
        public void onEndOfInput() {
            told.add("end");
        }

        @Override
        public void onWritten(long position) {
            told.add("written " + position);
            if (closesOnceWritten) {
                wire.close();
            }
        }

        @Override
        public void onWritable() {
            told.add("writable");
        }

        @Override
        public void onClosed() {
            told.add("closed");
        }

        @Override
        public void drain() {}

        @Override
        public void onTick() {}
    }

    private void turn() {
        for (Runnable next = loop.poll(); next != null; next = loop.poll()) {
            next.run();
        }
    }

    @Test
    void shouldKeepWhatComesInSpiteOfAPause() {
        Connection one = new Connection();
        one.receive("a");
        one.wire.reading(false);
        one.receive("b");
        one.receive("c");
        assertThat(one.told).containsExactly("a");
        one.wire.reading(true);
        one.receive("d");
        turn();
        one.receive("e");
        assertThat(one.told).containsExactly("a", "bcd", "e");
        assertThat(one.channel.config().isAutoRead()).isTrue();
    }

    @Test
    void shouldSayPositionsAndClose() {
        Connection one = new Connection();
        one.write(10);
        one.write(600_000);
        assertThat(one.sent()).isEqualTo(600_010);
        one.wire.close();
        assertThat(one.told).startsWith("written 10").endsWith("written 600010", "closed");
        assertThat(gone).containsExactly("gone");
        assertThat(buffers.output().isTight()).isFalse();
    }

    @Test
    void shouldWriteAllOfLargeOutputThoughItsSessionClosesAtTheFirstPiece() {
        Connection one = new Connection();
        one.closesOnceWritten = true;
        one.write(600_000);
        assertThat(one.sent()).isEqualTo(600_000);
        assertThat(one.channel.isOpen()).isFalse();
    }

    @Test
    void shouldOweNothingOfWhatIsWrittenBehindTheEnd() {
        Connection one = new Connection();
        one.channel.close();
        one.write(600_000);
        assertThat(buffers.output().isUsedUpFor(one.wire)).isFalse();
    }

    @Test
    void shouldEndOnlyTheSessionThatFails() {
        Connection one = new Connection();
        Connection other = new Connection();
        one.receive("bug");
        other.receive("a");
        assertThat(one.told).containsExactly("closed");
        assertThat(one.channel.isOpen()).isFalse();
        assertThat(other.told).containsExactly("a");
    }

    @Test
    void shouldEndOnlyTheSessionWhoseCodeOfAnotherTurnFails() {
        // Given
        Connection one = new Connection();
        Connection gone = new Connection();
        gone.channel.close();

        // When
        one.wire.execute(() -> {
            throw new IllegalStateException("a bug");
        });
        gone.wire.execute(() -> gone.told.add("executed"));
        turn();

        // Then
        assertThat(one.channel.isOpen()).isFalse();
        assertThat(failures).hasSize(1);
        assertThat(gone.told).containsExactly("closed");
    }

    @Test
    void shouldWaitForTheSocketAndThenGoOn() {
        // Given
        Connection one = new Connection();
        one.channel.config().setWriteBufferWaterMark(new WriteBufferWaterMark(1, 2));
        one.channel.unsafe().outboundBuffer().setUserDefinedWritability(1, false);

        // When
        one.write(300_000);
        boolean fullMeanwhile = one.wire.isFull();
        int sentMeanwhile = one.sent();
        one.channel.unsafe().outboundBuffer().setUserDefinedWritability(1, true);
        one.channel.runPendingTasks();
        turn();

        // Then
        assertThat(fullMeanwhile).isTrue();
        assertThat(one.wire.isBlocked()).isFalse();
        assertThat(sentMeanwhile).isZero();
        assertThat(one.sent()).isEqualTo(300_000);
        assertThat(one.told).endsWith("writable");
    }

    @Test
    void shouldTellOnceInAnotherTurnThatThereIsMoreToWrite() {
        Connection one = new Connection();
        one.wire.soon();
        one.wire.soon();
        assertThat(one.told).isEmpty();
        turn();
        assertThat(one.told).containsExactly("writable");
        one.wire.soon();
        one.channel.close();
        turn();
        assertThat(one.told).containsExactly("writable", "closed");
    }

    @Test
    void shouldTellThoseThatWaitOnceHalfOfTheBudgetIsFree() {
        // Given
        OutputBudget budget = buffers.output();
        Connection one = new Connection();

        // When
        budget.add(BUDGET_BYTES);
        boolean usedUp = budget.isUsedUpFor(one.wire);
        budget.remove(BUDGET_BYTES / 2 - 1);
        turn();
        boolean toldEarly = one.told.contains("writable");
        budget.remove(1);
        turn();

        // Then
        assertThat(usedUp).isTrue();
        assertThat(toldEarly).isFalse();
        assertThat(one.told).containsExactly("writable");
        assertThat(budget.endWait(one.wire)).isFalse();
    }

    @Test
    void shouldTellThoseThatWaitAtATickAsSoonAsThereIsRoom() {
        OutputBudget budget = buffers.output();
        Connection one = new Connection();
        budget.add(BUDGET_BYTES);
        assertThat(budget.isUsedUpFor(one.wire)).isTrue();
        budget.onTick();
        turn();
        assertThat(one.told).isEmpty();
        assertThat(budget.isTight()).isTrue();
        budget.remove(1);
        budget.onTick();
        turn();
        assertThat(one.told).containsExactly("writable");
        assertThat(budget.isTight()).isFalse();
    }

    @Test
    void shouldForgetWhoWaitsWhenItIsGone() {
        OutputBudget budget = buffers.output();
        Connection one = new Connection();
        budget.add(BUDGET_BYTES);
        assertThat(one.wire.sliceBytes()).isLessThan(Wire.SLICE_BYTES);
        one.channel.close();
        assertThat(budget.endWait(one.wire)).isFalse();
    }

    /** A client that takes nothing of a large answer, which uses the budget up. */
    private Connection stalled() {
        Connection one = new Connection();
        one.channel.unsafe().outboundBuffer().setUserDefinedWritability(1, false);
        one.write(300_000);
        return one;
    }

    private static void tick(Connection one, int times) {
        for (int i = 0; i < times; i++) {
            one.wire.onTick(i, Long.MAX_VALUE / 2);
        }
    }

    @Test
    void shouldCutAClientThatTakesNothingWhileOthersWaitForItsOutput() {
        // Given
        Connection stalled = stalled();
        Connection waiting = new Connection();
        assertThat(buffers.output().isUsedUpFor(waiting.wire)).isTrue();

        // When
        tick(stalled, SocketWire.STALLED_TICKS_MAX);
        boolean openBefore = stalled.channel.isOpen();
        tick(waiting, 2 * SocketWire.STALLED_TICKS_MAX);
        tick(stalled, 1);
        turn();

        // Then
        assertThat(openBefore).isTrue();
        assertThat(stalled.channel.isOpen()).isFalse();
        assertThat(waiting.channel.isOpen()).as("who waits owes nothing").isTrue();
        assertThat(waiting.told).containsExactly("writable");
    }

    @Test
    void shouldNotCutAClientThatTakesSomethingNowAndThen() {
        // Given
        Connection slow = stalled();
        Connection waiting = new Connection();
        assertThat(buffers.output().isUsedUpFor(waiting.wire)).isTrue();

        // When
        for (int i = 0; i < 3; i++) {
            tick(slow, SocketWire.STALLED_TICKS_MAX);
            slow.write(1);
        }

        // Then
        assertThat(slow.channel.isOpen()).isTrue();
        assertThat(buffers.output().isTight()).isTrue();
    }

    @Test
    void shouldLeaveAClientThatTakesNothingAloneWhileNobodyWaits() {
        Connection stalled = stalled();
        tick(stalled, 3 * SocketWire.STALLED_TICKS_MAX);
        assertThat(stalled.channel.isOpen()).isTrue();
    }
}
