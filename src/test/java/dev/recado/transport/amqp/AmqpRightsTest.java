package dev.recado.transport.amqp;

import static org.assertj.core.api.Assertions.assertThat;

import dev.recado.broker.AccessNeeds;
import dev.recado.security.Grant;
import dev.recado.security.Identity;
import dev.recado.security.Operation;
import dev.recado.security.Rights;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Every method with and without each right that it needs: refused, it has done nothing. */
public class AmqpRightsTest {

    /**
     * Method and needs. There are the queues {@code orders} (which holds a message) and {@code other} and the fanout
     * exchange {@code news}, which leads to {@code orders}; {@code fresh} and {@code flash} are not there.
     */
    public static final String TABLE = """
            queue.declare fresh                            => configure fresh
            queue.declare orders passive                   => monitor orders
            queue.declare fresh x-dead-letter-exchange=news => configure fresh, consume fresh, publish news
            queue.delete orders                            => configure orders
            queue.bind other news k                        => publish other, consume news
            queue.unbind orders news ''                    => publish orders, consume news
            exchange.declare flash direct                  => configure flash
            exchange.declare news fanout passive           =>
            exchange.declare flash direct alternate-exchange=news => configure flash, consume flash, publish news
            exchange.delete news                           => configure news
            exchange.bind target news k                    => publish target, consume news
            basic.publish news k : x                       => publish news
            basic.get orders                               => consume orders
            basic.consume orders t                         => consume orders
            """;

    static List<String[]> rows() {
        return TABLE.lines().map(line -> (line + " ").split(" +=> ", 2)).toList();
    }

    private static List<String> needs(String[] row) {
        return AccessNeeds.of(row[1].strip());
    }

    private static AmqpStage stage(List<Grant> grants) {
        AmqpStage stage = new AmqpStage();
        stage.ana = new Identity("ana", new Rights(grants));
        stage.play("""
                R> 1 queue.declare orders
                R< 1 queue.declare-ok orders 0 0
                R> 1 queue.declare other
                R< 1 queue.declare-ok other 0 0
                R> 1 exchange.declare news fanout
                R< 1 exchange.declare-ok
                R> 1 exchange.declare target fanout
                R< 1 exchange.declare-ok
                R> 1 queue.bind orders news ''
                R< 1 queue.bind-ok
                R> 1 basic.publish '' orders : before
                """);
        stage.connect("A", "/", "ana");
        return stage;
    }

    private static List<String> answer(AmqpStage stage, String method) {
        stage.peer("A").send("1 " + method);
        stage.turn();
        stage.peer("A").send("2 channel.open");
        stage.turn();
        return AmqpStage.heard(stage.peer("A"));
    }

    private static String state(AmqpStage stage) {
        return stage.broker.catalog.version() + " " + stage.stored("orders") + stage.stored("other")
                + stage.broker.log(stage.topic("orders")).groups.keySet();
    }

    @TestFactory
    Stream<DynamicTest> shouldRefuseWithoutEachRightAndDoNothing() {
        return rows().stream().flatMap(row -> needs(row).stream()
                .map(missing -> DynamicTest.dynamicTest(row[0] + " without " + missing, () -> {
                    AmqpStage stage = stage(AccessNeeds.without(missing, needs(row), name -> name));
                    String before = state(stage);
                    assertThat(answer(stage, row[0]).get(0)).startsWith("1 channel.close 403 ACCESS_REFUSED");
                    assertThat(state(stage)).isEqualTo(before);
                })));
    }

    @TestFactory
    Stream<DynamicTest> shouldAllowWithTheRightsAlone() {
        return rows().stream()
                .map(row -> DynamicTest.dynamicTest(row[0] + " with " + row[1], () -> {
                    List<Grant> grants = needs(row).isEmpty()
                            ? List.of(Grant.of("elsewhere", Operation.PUBLISH))
                            : AccessNeeds.grants(needs(row), name -> name);
                    assertThat(answer(stage(grants), row[0])).noneMatch(line -> line.contains(".close"));
                }));
    }

    /** RabbitMQ wants read for a purge, as for taking each of the messages. */
    @Test
    void shouldLetWhoeverMayTakeEachMessageOfAQueuePurgeIt() {
        assertThat(answer(stage(List.of(Grant.of("orders", Operation.CONSUME))), "queue.purge orders"))
                .contains("1 queue.purge-ok 1");
        assertThat(answer(stage(List.of(Grant.of("orders", Operation.CONFIGURE))), "queue.purge orders"))
                .contains("1 queue.purge-ok 1");
        assertThat(answer(stage(List.of(Grant.of("orders", Operation.PUBLISH, Operation.BROWSE))), "queue.purge orders")
                        .get(0))
                .startsWith("1 channel.close 403 ACCESS_REFUSED");
    }
}
