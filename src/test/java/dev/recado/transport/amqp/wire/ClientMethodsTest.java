package dev.recado.transport.amqp.wire;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Everything that a client sends, argument by argument as the specification lists them. */
class ClientMethodsTest {

    /** A table a: B 7. */
    private static final String TABLE = "00000004 01 61 42 07";

    /** How each method with arguments is read; null where it is malformed. */
    private static final Map<MethodId, Function<Arguments, Object>> READERS = Map.ofEntries(
            Map.entry(MethodId.CONNECTION_START_OK, in -> show(ConnectionMethods.StartOk.read(in))),
            Map.entry(MethodId.CONNECTION_SECURE_OK, in -> show(ConnectionMethods.SecureOk.read(in))),
            Map.entry(MethodId.CONNECTION_TUNE_OK, ConnectionMethods.TuneOk::read),
            Map.entry(MethodId.CONNECTION_OPEN, ConnectionMethods.Open::read),
            Map.entry(MethodId.CONNECTION_CLOSE, ConnectionMethods.Close::read),
            Map.entry(MethodId.CONNECTION_UPDATE_SECRET, in -> show(ConnectionMethods.UpdateSecret.read(in))),
            Map.entry(MethodId.CHANNEL_OPEN, in -> ChannelMethods.readOpen(in) ? "open" : null),
            Map.entry(MethodId.CHANNEL_FLOW, ChannelMethods.Flow::read),
            Map.entry(MethodId.CHANNEL_FLOW_OK, ChannelMethods.Flow::read),
            Map.entry(MethodId.CHANNEL_CLOSE, ConnectionMethods.Close::read),
            Map.entry(MethodId.ACCESS_REQUEST, ChannelMethods.AccessRequest::read),
            Map.entry(MethodId.EXCHANGE_DECLARE, ExchangeMethods.Declare::read),
            Map.entry(MethodId.EXCHANGE_DELETE, ExchangeMethods.Delete::read),
            Map.entry(MethodId.EXCHANGE_BIND, ExchangeMethods.Bind::read),
            Map.entry(MethodId.EXCHANGE_UNBIND, ExchangeMethods.Bind::read),
            Map.entry(MethodId.QUEUE_DECLARE, QueueMethods.Declare::read),
            Map.entry(MethodId.QUEUE_BIND, QueueMethods.Bind::read),
            Map.entry(MethodId.QUEUE_UNBIND, QueueMethods.Bind::readUnbind),
            Map.entry(MethodId.QUEUE_PURGE, QueueMethods.Purge::read),
            Map.entry(MethodId.QUEUE_DELETE, QueueMethods.Delete::read),
            Map.entry(MethodId.BASIC_QOS, BasicMethods.Qos::read),
            Map.entry(MethodId.BASIC_CONSUME, BasicMethods.Consume::read),
            Map.entry(MethodId.BASIC_CANCEL, BasicMethods.Cancel::read),
            Map.entry(MethodId.BASIC_CANCEL_OK, BasicMethods.Cancel::readOk),
            Map.entry(MethodId.BASIC_PUBLISH, ClientMethodsTest::publish),
            Map.entry(MethodId.BASIC_GET, BasicMethods.Get::read),
            Map.entry(MethodId.BASIC_ACK, in -> settlement(Settlement::readAck, in)),
            Map.entry(MethodId.BASIC_REJECT, in -> settlement(Settlement::readReject, in)),
            Map.entry(MethodId.BASIC_RECOVER_ASYNC, BasicMethods.Recover::read),
            Map.entry(MethodId.BASIC_RECOVER, BasicMethods.Recover::read),
            Map.entry(MethodId.BASIC_NACK, in -> settlement(Settlement::readNack, in)),
            Map.entry(MethodId.CONFIRM_SELECT, ChannelMethods.ConfirmSelect::read));

    private static final Map<MethodId, String[]> GOLDEN = golden();

    /** Arguments and what is read from them. Reserved ones are not empty here, and mean nothing. */
    private static Map<MethodId, String[]> golden() {
        Map<MethodId, String[]> all = new LinkedHashMap<>();
        putConnectionsAndChannels(all);
        putExchangesAndQueues(all);
        putMessages(all);
        return all;
    }

    private static void putConnectionsAndChannels(Map<MethodId, String[]> all) {
        all.put(
                MethodId.CONNECTION_START_OK,
                new String[] {TABLE + "05 504c41494e 00000004 00610062 05 656e5f5553", "{a=7} PLAIN 00610062 en_US"});
        all.put(MethodId.CONNECTION_SECURE_OK, new String[] {"00000001 ff", "ff"});
        all.put(MethodId.CONNECTION_TUNE_OK, new String[] {
            "ffff fffffffe 003c", "TuneOk[channelMax=65535, frameBytesMax=4294967294, heartbeatSeconds=60]"
        });
        all.put(MethodId.CONNECTION_OPEN, new String[] {"01 2f 02 7878 01", "Open[virtualHost=/]"});
        all.put(
                MethodId.CONNECTION_CLOSE,
                new String[] {"00c8 03 627965 003c 0028", "Close[code=200, text=bye, classId=60, methodId=40]"});
        all.put(MethodId.CONNECTION_UPDATE_SECRET, new String[] {"00000001 01 01 72", "01 r"});
        all.put(MethodId.CHANNEL_OPEN, new String[] {"01 78", "open"});
        all.put(MethodId.CHANNEL_FLOW, new String[] {"01", "Flow[active=true]"});
        all.put(MethodId.CHANNEL_FLOW_OK, new String[] {"00", "Flow[active=false]"});
        all.put(MethodId.CHANNEL_CLOSE, new String[] {"0000 00 0000 0000", "Close[code=0, text=, classId=0, methodId=0]"
        });
        all.put(MethodId.ACCESS_REQUEST, new String[] {"05 2f64617461 1f", "AccessRequest[realm=/data]"});
    }

    private static void putExchangesAndQueues(Map<MethodId, String[]> all) {
        all.put(MethodId.EXCHANGE_DECLARE, new String[] {
            "0001 01 65 05 746f706963 0a" + TABLE,
            "Declare[exchange=e, type=topic, passive=false, traits=Traits[durable=true, autoDelete=false,"
                    + " internal=true], noWait=false, arguments={a=7}]"
        });
        all.put(
                MethodId.EXCHANGE_DELETE,
                new String[] {"0000 01 65 02", "Delete[exchange=e, ifUnused=false, noWait=true]"});
        String bind = "Bind[destination=d, source=s, routingKey=k, noWait=true, arguments={a=7}]";
        all.put(MethodId.EXCHANGE_BIND, new String[] {"0000 01 64 01 73 01 6b 01" + TABLE, bind});
        all.put(MethodId.EXCHANGE_UNBIND, new String[] {"0000 01 64 01 73 01 6b 01" + TABLE, bind});
        all.put(MethodId.QUEUE_DECLARE, new String[] {
            "0000 01 71 15" + TABLE,
            "Declare[queue=q, passive=true, durable=false, exclusive=true, autoDelete=false, noWait=true,"
                    + " arguments={a=7}]"
        });
        all.put(MethodId.QUEUE_BIND, new String[] {
            "0000 01 71 01 65 01 6b 01" + TABLE, "Bind[queue=q, exchange=e, routingKey=k, noWait=true, arguments={a=7}]"
        });
        all.put(MethodId.QUEUE_UNBIND, new String[] {
            "0000 01 71 01 65 01 6b" + TABLE, "Bind[queue=q, exchange=e, routingKey=k, noWait=false, arguments={a=7}]"
        });
        all.put(MethodId.QUEUE_PURGE, new String[] {"0000 01 71 01", "Purge[queue=q, noWait=true]"});
        all.put(
                MethodId.QUEUE_DELETE,
                new String[] {"0000 01 71 02", "Delete[queue=q, ifUnused=false, ifEmpty=true, noWait=false]"});
    }

    private static void putMessages(Map<MethodId, String[]> all) {
        all.put(
                MethodId.BASIC_QOS,
                new String[] {"80000000 8000 01", "Qos[prefetchBytes=2147483648, prefetchCount=32768, global=true]"});
        all.put(MethodId.BASIC_CONSUME, new String[] {
            "0000 01 71 01 74 0a" + TABLE,
            "Consume[queue=q, consumerTag=t, noLocal=false, noAck=true, exclusive=false, noWait=true,"
                    + " arguments={a=7}]"
        });
        all.put(MethodId.BASIC_CANCEL, new String[] {"01 74 00", "Cancel[consumerTag=t, noWait=false]"});
        all.put(MethodId.BASIC_CANCEL_OK, new String[] {"01 74", "Cancel[consumerTag=t, noWait=true]"});
        all.put(MethodId.BASIC_PUBLISH, new String[] {"0000 01 65 02 6b6b 01", "e kk true false"});
        all.put(MethodId.BASIC_GET, new String[] {"0000 01 71 01", "Get[queue=q, noAck=true]"});
        all.put(MethodId.BASIC_ACK, new String[] {"0000000000000009 01", "9 true false"});
        all.put(MethodId.BASIC_REJECT, new String[] {"0000000000000009 01", "9 false true"});
        all.put(MethodId.BASIC_RECOVER_ASYNC, new String[] {"01", "Recover[requeue=true]"});
        all.put(MethodId.BASIC_RECOVER, new String[] {"00", "Recover[requeue=false]"});
        all.put(MethodId.BASIC_NACK, new String[] {"ffffffffffffffff 02", "-1 false true"});
        all.put(MethodId.CONFIRM_SELECT, new String[] {"01", "ConfirmSelect[noWait=true]"});
    }

    private final Arguments in = new Arguments();

    @TestFactory
    Stream<DynamicTest> shouldReadWhatTheSpecificationDraws() {
        return GOLDEN.keySet().stream()
                .map(method -> DynamicTest.dynamicTest(method.wireName(), () -> {
                    // Given
                    byte[] arguments = Hex.bytes(GOLDEN.get(method)[0]);

                    // When
                    Object read = read(method, arguments, arguments.length);

                    // Then
                    assertThat(read).hasToString(GOLDEN.get(method)[1]);
                }));
    }

    @TestFactory
    Stream<DynamicTest> shouldRefuseEveryPartAndEverythingBehind() {
        return GOLDEN.keySet().stream()
                .map(method -> DynamicTest.dynamicTest(method.wireName(), () -> {
                    byte[] arguments = Hex.bytes(GOLDEN.get(method)[0] + "00");
                    for (int length = 0; length <= arguments.length; length++) {
                        Object read = read(method, arguments, length);
                        assertThat(read == null).as("%d bytes", length).isEqualTo(length != arguments.length - 1);
                        assertThat(in.problem().isEmpty()).isEqualTo(read != null);
                    }
                }));
    }

    @Test
    void shouldKnowEveryMethodOfAClientThatHasArguments() {
        assertThat(READERS.keySet()).isEqualTo(GOLDEN.keySet());
        assertThat(Stream.of(MethodId.values())
                        .filter(MethodId::isFromClient)
                        .filter(method -> !READERS.containsKey(method)))
                .containsExactlyInAnyOrder(
                        MethodId.CONNECTION_CLOSE_OK,
                        MethodId.CHANNEL_CLOSE_OK,
                        MethodId.TX_SELECT,
                        MethodId.TX_COMMIT,
                        MethodId.TX_ROLLBACK);
    }

    @Test
    void shouldNeverThrowForRubbish() {
        Random random = new Random(21);
        MethodId[] methods = GOLDEN.keySet().toArray(MethodId[]::new);
        int good = 0;
        for (int i = 0; i < 50_000; i++) {
            MethodId method = methods[random.nextInt(methods.length)];
            byte[] mutated = Hex.bytes(GOLDEN.get(method)[0]);
            for (int n = random.nextInt(3); n > 0; n--) {
                mutated[random.nextInt(mutated.length)] = (byte) random.nextInt(256);
            }
            Object read = read(method, mutated, mutated.length);
            assertThat(read != null).isEqualTo(in.consumed());
            good += read == null ? 0 : 1;
        }
        assertThat(good).isGreaterThan(1000);
    }

    @Test
    void shouldRefuseNamesThatAreNoText() {
        byte[] arguments = Hex.bytes("0000 01 65 02 6bff 00");
        assertThat(read(MethodId.BASIC_PUBLISH, arguments, arguments.length)).isNull();
        assertThat(in.problem()).isEqualTo("a short string that is not UTF-8");
    }

    @Test
    void shouldKnowWhatAClientAnnounces() {
        // Given
        String capabilities = "0000001d 0c 6361706162696c6974696573 46 0000000b 01 61 74 01 01 62 74 00 01 63 56";
        byte[] payload = Hex.bytes("00000000" + capabilities + "00 00000000 00");
        in.open(payload, 0, payload.length);

        // When
        ConnectionMethods.StartOk startOk = ConnectionMethods.StartOk.read(in);

        // Then
        assertThat(startOk).isNotNull();
        assertThat(startOk.announces("a")).isTrue();
        assertThat(startOk.announces("b")).isFalse();
        assertThat(startOk.announces("c")).isFalse();
        assertThat(startOk.announces("d")).isFalse();
        ConnectionMethods.StartOk silent =
                new ConnectionMethods.StartOk(FieldTable.EMPTY, "PLAIN", new byte[0], "en_US");
        assertThat(silent.announces("a")).isFalse();
    }

    private Object read(MethodId method, byte[] arguments, int length) {
        byte[] payload = new byte[4 + length];
        System.arraycopy(arguments, 0, payload, 4, length);
        in.open(payload, 0, payload.length);
        return READERS.get(method).apply(in);
    }

    private static Object publish(Arguments in) {
        BasicPublish publish = new BasicPublish();
        if (!publish.read(in)) {
            return null;
        }
        Address address = publish.address();
        return address.exchange() + " " + address.routingKey() + " " + publish.mandatory() + " " + publish.immediate();
    }

    /** How one of the three is read. */
    private interface SettlementReader {
        boolean read(Settlement settlement, Arguments in);
    }

    private static Object settlement(SettlementReader reader, Arguments in) {
        Settlement settlement = new Settlement();
        return reader.read(settlement, in)
                ? settlement.deliveryTag() + " " + settlement.multiple() + " " + settlement.requeue()
                : null;
    }

    private static Object show(ConnectionMethods.StartOk read) {
        return read == null
                ? null
                : read.clientProperties() + " " + read.mechanism() + " "
                        + Hex.of(read.response(), 0, read.response().length) + " " + read.locale();
    }

    private static Object show(ConnectionMethods.SecureOk read) {
        return read == null ? null : Hex.of(read.response(), 0, read.response().length);
    }

    private static Object show(ConnectionMethods.UpdateSecret read) {
        return read == null ? null : Hex.of(read.secret(), 0, read.secret().length) + " " + read.reason();
    }
}
