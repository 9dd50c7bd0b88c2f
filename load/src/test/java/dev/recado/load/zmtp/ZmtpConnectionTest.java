package dev.recado.load.zmtp;

import static org.assertj.core.api.Assertions.assertThat;

import dev.recado.load.zmtp.ZmtpConnection.Arrival;
import dev.recado.load.zmtp.ZmtpConnection.Receiver;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ZmtpConnectionTest {

    private static final long WAIT_MS = 1_000;

    private final EmbeddedChannel channel = new EmbeddedChannel();
    private final List<String> told = new ArrayList<>();
    private final ZmtpConnection connection = new ZmtpConnection(channel, SocketType.PULL, () -> 5_000);

    @BeforeEach
    void connect() {
        channel.freezeTime();
        channel.pipeline().addLast(connection);
    }

    @Test
    void shouldSayItsFirstWordsAndWaitForThoseOfThePeer() {
        greet();
        assertThat(sent()).isEqualTo(ByteBufUtil.hexDump(Words.greeting(SocketType.PULL)));
        assertThat(told).isEmpty();

        hears(Words.greeting(SocketType.PUSH));

        assertThat(told).containsExactly("ready");
    }

    @Test
    void shouldNotTalkToASocketThatDoesNotGoWithItsOwn() {
        greet();
        hears(Words.greeting(SocketType.REP));

        assertThat(told).containsExactly("a PULL socket does not go with REP");
        assertThat(connection.isOpen()).isFalse();
        assertThat(channel.isOpen()).isFalse();
    }

    @Test
    void shouldTellWhyThePeerWillNot() {
        greet();
        byte[] reason = "\u0004nope".getBytes(StandardCharsets.US_ASCII);
        ByteBuf greeting = Words.greeting(SocketType.PUSH).slice(0, FrameDecoder.GREETING_BYTES);
        hears(Unpooled.wrappedBuffer(greeting, Words.command("ERROR", reason)));

        assertThat(told).containsExactly("the broker says: nope");
    }

    @Test
    void shouldHandOverWhatComesAndTellWhereNothingDoes() {
        ready();
        receive("a");
        hears(message("one"), message("two"));
        receive("b");
        receive("c");
        channel.advanceTimeBy(WAIT_MS, TimeUnit.MILLISECONDS);
        channel.runScheduledPendingTasks();
        receive("d");
        connection.close();
        receive("e");

        assertThat(told)
                .containsExactly(
                        "a one at 5000", "b two at 5000", "c null", "d connection closed", "e connection closed");
    }

    @Test
    void shouldStopReadingWhileTooMuchWaits() {
        ready();
        for (int i = 0; i < ZmtpConnection.INBOX_MAX; i++) {
            hears(message("x"));
        }
        assertThat(channel.config().isAutoRead()).isFalse();

        for (int i = 0; i < ZmtpConnection.INBOX_MAX / 2; i++) {
            receive("a");
        }
        assertThat(channel.config().isAutoRead()).isTrue();
    }

    @Test
    void shouldAnswerAPing() {
        ready();
        hears(Words.command("PING", new byte[] {0, 10, 'c', 't', 'x'}));

        assertThat(sent()).isEqualTo(ByteBufUtil.hexDump(Words.command("PONG", new byte[] {'c', 't', 'x'})));
    }

    @Test
    void shouldSendAndTellWhetherTheSocketTookIt() {
        ready();
        connection.send(List.of(new byte[0], new byte[] {1}), problem -> told.add("sent " + problem));
        assertThat(sent()).isEqualTo("0100000101");
        connection.close();
        connection.send(List.of(new byte[] {1}), problem -> told.add("sent " + problem));

        assertThat(told).containsExactly("sent null", "sent connection closed");
    }

    private void ready() {
        greet();
        hears(Words.greeting(SocketType.PUSH));
        sent();
        told.clear();
    }

    private void greet() {
        connection.greet(WAIT_MS, new Receiver<>() {
            @Override
            public void onArrival(SocketType type) {
                told.add("ready");
            }

            @Override
            public void onNothing(@Nullable String problem) {
                told.add(String.valueOf(problem));
            }
        });
    }

    private void receive(String name) {
        connection.receive(WAIT_MS, new Receiver<>() {
            @Override
            public void onArrival(Arrival arrival) {
                told.add(name + " " + new String(arrival.message().payload(), StandardCharsets.US_ASCII) + " at "
                        + arrival.arrivedMs());
            }

            @Override
            public void onNothing(@Nullable String problem) {
                told.add(name + " " + problem);
            }
        });
    }

    private void hears(ByteBuf... buffers) {
        channel.writeInbound((Object[]) buffers);
    }

    private static ByteBuf message(String text) {
        return Words.message(List.of(text.getBytes(StandardCharsets.US_ASCII)));
    }

    private String sent() {
        StringBuilder hex = new StringBuilder();
        for (ByteBuf out = channel.readOutbound(); out != null; out = channel.readOutbound()) {
            hex.append(ByteBufUtil.hexDump(out));
            out.release();
        }
        return hex.toString();
    }
}
