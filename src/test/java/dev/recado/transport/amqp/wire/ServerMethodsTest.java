package dev.recado.transport.amqp.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.recado.base.ByteWriter;
import java.nio.charset.StandardCharsets;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** {@link ServerMethods} and {@link ServerBasic}: arguments as the specification lists them. */
class ServerMethodsTest {

    private static final ShortString TAG = ShortString.of("t");
    private static final Address ADDRESS = Address.of("e", "kk");

    @Test
    void shouldWriteMethodsOfConnections() {
        TableBuilder properties = new TableBuilder().flag("a", true);
        assertWritten(
                out -> ServerMethods.putStart(out, properties, "PLAIN AMQPLAIN", "en_US"),
                0,
                "000a000a 00 09 00000004 01 61 74 01 0000000e 504c41494e20414d51504c41494e 00000005 656e5f5553");
        assertWritten(out -> ServerMethods.putSecure(out, Hex.bytes("ff")), 0, "000a0014 00000001 ff");
        assertWritten(out -> ServerMethods.putTune(out, 2047, 131072, 60), 0, "000a001e 07ff 00020000 003c");
        assertWritten(ServerMethods::putConnectionOpenOk, 0, "000a0029 00");
        assertWritten(out -> ServerMethods.putBlocked(out, "low"), 0, "000a003c 03 6c6f77");
        assertWritten(out -> ServerMethods.putBare(out, 0, MethodId.CONNECTION_UNBLOCKED), 0, "000a003d");
        assertWritten(out -> ServerMethods.putBare(out, 0, MethodId.CONNECTION_CLOSE_OK), 0, "000a0033");
        assertWritten(
                out -> ServerMethods.putClose(out, 0, ReplyCode.FRAME_ERROR, "x", null),
                0,
                "000a0032 01f5 01 78 0000 0000");
    }

    @Test
    void shouldWriteMethodsOfChannels() {
        assertWritten(out -> ServerMethods.putChannelOpenOk(out, 3), 3, "0014000b 00000000");
        assertWritten(
                out -> ServerMethods.putClose(out, 3, ReplyCode.NOT_FOUND, "x", MethodId.BASIC_CONSUME),
                3,
                "00140028 0194 01 78 003c 0014");
        assertWritten(out -> ServerMethods.putFlow(out, 3, MethodId.CHANNEL_FLOW_OK, true), 3, "00140015 01");
        assertWritten(out -> ServerMethods.putFlow(out, 3, MethodId.CHANNEL_FLOW, false), 3, "00140014 00");
        assertWritten(out -> ServerMethods.putAccessRequestOk(out, 3), 3, "001e000b 0001");
        assertWritten(out -> ServerMethods.putBare(out, 3, MethodId.TX_COMMIT_OK), 3, "005a0015");
    }

    @Test
    void shouldWriteMethodsOfExchangesAndQueues() {
        assertWritten(out -> ServerMethods.putBare(out, 3, MethodId.EXCHANGE_UNBIND_OK), 3, "00280033");
        assertWritten(
                out -> ServerMethods.putQueueDeclareOk(out, 3, "q", 5, 1L << 40),
                3,
                "0032000b 01 71 00000005 ffffffff");
        assertWritten(out -> ServerMethods.putGone(out, 3, MethodId.QUEUE_PURGE_OK, 7), 3, "0032001f 00000007");
        assertWritten(
                out -> ServerMethods.putGone(out, 3, MethodId.QUEUE_DELETE_OK, 0xFFFF_FFFFL), 3, "00320029 ffffffff");
    }

    @Test
    void shouldWriteMethodsOfMessages() {
        assertWritten(
                out -> ServerBasic.putDeliver(out, 0xFFFF, TAG, 9, true, ADDRESS),
                0xFFFF,
                "003c003c 01 74 0000000000000009 01 01 65 02 6b6b");
        assertWritten(
                out -> ServerBasic.putReturn(out, 3, ReplyCode.NO_ROUTE, ADDRESS),
                3,
                "003c0032 0138 08 4e4f5f524f555445 01 65 02 6b6b");
        assertWritten(
                out -> ServerBasic.putGetOk(out, 3, 9, false, ADDRESS, 4),
                3,
                "003c0047 0000000000000009 00 01 65 02 6b6b 00000004");
        assertWritten(out -> ServerBasic.putGetEmpty(out, 3), 3, "003c0048 00");
        assertWritten(out -> ServerBasic.putAck(out, 3, 9, true), 3, "003c0050 0000000000000009 01");
        assertWritten(out -> ServerBasic.putAck(out, 3, 9, false), 3, "003c0050 0000000000000009 00");
        assertWritten(out -> ServerBasic.putNack(out, 3, 9, true, false), 3, "003c0078 0000000000000009 01");
        assertWritten(out -> ServerBasic.putNack(out, 3, 9, false, true), 3, "003c0078 0000000000000009 02");
        assertWritten(out -> ServerBasic.putConsumeOk(out, 3, TAG), 3, "003c0015 01 74");
        assertWritten(out -> ServerBasic.putCancelOk(out, 3, TAG), 3, "003c001f 01 74");
        assertWritten(out -> ServerBasic.putCancel(out, 3, TAG), 3, "003c001e 01 74 01");
    }

    @Test
    void shouldCutTheTextOfACloseBetweenCharacters() {
        // Given
        ByteWriter out = new ByteWriter(64);
        String text = "a" + "é".repeat(200);

        // When
        ServerMethods.putClose(out, 1, ReplyCode.NOT_FOUND, text, null);

        // Then
        Arguments in = new Arguments();
        in.open(out.array(), 7, out.size() - 8);
        ConnectionMethods.Close close = ConnectionMethods.Close.read(in);
        assertThat(close).isNotNull();
        assertThat(close.text()).isEqualTo("a" + "é".repeat(127));
    }

    @Test
    void shouldRefuseNamesThatAreTooLong() {
        String text = "é".repeat(127);
        assertThat(ShortString.of(text + "x")).hasToString(text + "x");
        assertThatThrownBy(() -> ShortString.of(text + "é")).isInstanceOf(AssertionError.class);
        assertThatThrownBy(() -> ServerMethods.putFlow(new ByteWriter(9), 1, MethodId.TX_SELECT, true))
                .isInstanceOf(AssertionError.class);
    }

    @Test
    void shouldKeepAnAddressAsOneSlice() {
        // Given
        byte[] bytes = ("##" + "\1e" + "\2kk" + "#").getBytes(StandardCharsets.ISO_8859_1);

        // When
        Address address = new Address().wrap(bytes, 2, 5);

        // Then
        assertThat(address.exchange()).isEqualTo("e");
        assertThat(address.routingKey()).isEqualTo("kk");
        assertThat(address.start()).isEqualTo(2);
        assertThat(address.length()).isEqualTo(5);
        assertThat(address.exchangeStart()).isEqualTo(3);
        assertThat(address.routingKeyStart()).isEqualTo(5);
        ByteWriter out = new ByteWriter(16);
        address.put(out);
        assertThat(Hex.of(out)).isEqualTo("0165026b6b");
        address.forget();
        assertThat(address.exchange() + address.routingKey()).isEmpty();
        assertThat(address.length()).isEqualTo(2);
        for (int length = 0; length < 7; length++) {
            int part = length;
            if (length != 5) {
                assertThatThrownBy(() -> address.wrap(bytes, 2, part)).isInstanceOf(AssertionError.class);
            }
        }
        assertThat(Address.of("", "")).extracting(Address::length).isEqualTo(2);
    }

    private static void assertWritten(Consumer<ByteWriter> put, int channel, String payload) {
        ByteWriter out = new ByteWriter(64);
        put.accept(out);
        AmqpFrameReader reader = new AmqpFrameReader();
        assertThat(reader.read(out.array(), 0, out.size(), AmqpFrameReader.FRAME_BYTES_MIN))
                .isEqualTo(AmqpFrameReader.Outcome.FRAME);
        assertThat(reader.end()).isEqualTo(out.size());
        assertThat(reader.type()).isEqualTo(AmqpFrameReader.METHOD);
        assertThat(reader.channel()).isEqualTo(channel);
        assertThat(Hex.of(out.array(), reader.payloadStart(), reader.payloadLength()))
                .isEqualTo(Hex.plain(payload));
    }
}
