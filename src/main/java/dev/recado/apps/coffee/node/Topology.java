package dev.recado.apps.coffee.node;

import com.rabbitmq.client.Channel;
import dev.recado.apps.coffee.data.CoffeeTable;
import dev.recado.apps.coffee.query.CoffeeQuery;
import dev.recado.apps.coffee.query.Stage;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/**
 * Exchanges and queues, all durable, which every node declares before it begins: so nothing is published that nobody
 * keeps, whichever node is first. A message's routing key is its table and its share, {@code transactions.0}: the
 * sessions are shared out among the aggregators of a query, each of which has a queue of its own.
 *
 * @param aggregators of each query, from 1; the same number for all nodes
 */
public record Topology(int aggregators) {

    public static final int AGGREGATORS_MAX = 64;
    public static final String RESULTS = "coffee.results";

    /** Holds the last batches that nobody could read; nobody consumes it but a person. */
    public static final String UNREADABLE = "coffee.unreadable";

    static final int UNREADABLE_MAX = 1_000;
    static final int UNREADABLE_BYTES_MAX = 64 << 20;

    private static final String TYPE = "topic";

    /** Which stage or query takes which tables from where. */
    private record Join(String from, String queue, CoffeeTable table) {}

    private static final List<Join> STAGE_JOINS = List.of(
            join(CoffeeTable.TRANSACTIONS, Stage.FILTER_YEAR),
            join(CoffeeTable.TRANSACTION_ITEMS, Stage.FILTER_YEAR),
            join(Stage.FILTER_YEAR, Stage.FILTER_HOUR, CoffeeTable.TRANSACTIONS),
            join(Stage.FILTER_YEAR, Stage.GROUP_STORE_USER, CoffeeTable.TRANSACTIONS),
            join(Stage.FILTER_YEAR, Stage.GROUP_MONTH_ITEM, CoffeeTable.TRANSACTION_ITEMS),
            join(Stage.FILTER_HOUR, Stage.FILTER_AMOUNT, CoffeeTable.TRANSACTIONS),
            join(Stage.FILTER_HOUR, Stage.GROUP_SEMESTER_STORE, CoffeeTable.TRANSACTIONS));

    /** The last stage before each query. */
    private static final Map<CoffeeQuery, Stage> LAST = Map.of(
            CoffeeQuery.Q1, Stage.FILTER_AMOUNT,
            CoffeeQuery.Q2, Stage.GROUP_MONTH_ITEM,
            CoffeeQuery.Q3, Stage.GROUP_SEMESTER_STORE,
            CoffeeQuery.Q4, Stage.GROUP_STORE_USER);

    private static Join join(CoffeeTable table, Stage stage) {
        return new Join(exchange(table), queue(stage), table);
    }

    private static Join join(Stage from, Stage to, CoffeeTable table) {
        return new Join(exchange(from), queue(to), table);
    }

    /** Where the gateway publishes a table. */
    public static String exchange(CoffeeTable table) {
        return "coffee." + table.text();
    }

    static String exchange(Stage stage) {
        return "coffee." + stage.text() + ".out";
    }

    static String queue(Stage stage) {
        return "coffee." + stage.text();
    }

    static String queue(CoffeeQuery query, int share) {
        return "coffee." + query.text() + "." + share;
    }

    /** Of what comes from a table, for the aggregator that has the session. */
    public String routingKey(CoffeeTable table, UUID session) {
        return table.text() + "." + Math.floorMod(session.hashCode(), aggregators);
    }

    /** Declares all of it; what is there already stays as it is. */
    public void declare(Channel channel) throws IOException {
        for (CoffeeTable table : CoffeeTable.inputs()) {
            channel.exchangeDeclare(exchange(table), TYPE, true);
        }
        for (Stage stage : Stage.values()) {
            channel.exchangeDeclare(exchange(stage), TYPE, true);
            channel.queueDeclare(queue(stage), true, false, false, null);
        }
        for (Join join : STAGE_JOINS) {
            channel.queueBind(join.queue(), join.from(), join.table().text() + ".*");
        }
        for (CoffeeQuery query : CoffeeQuery.values()) {
            for (int share = 0; share < aggregators; share++) {
                declare(channel, query, share);
            }
        }
        channel.exchangeDeclare(RESULTS, TYPE, true);
        channel.queueDeclare(RESULTS, true, false, false, null);
        channel.queueBind(RESULTS, RESULTS, "#");
        Map<String, Object> bounds = Map.of("x-max-length", UNREADABLE_MAX, "x-max-length-bytes", UNREADABLE_BYTES_MAX);
        channel.queueDeclare(UNREADABLE, true, false, false, bounds);
    }

    private static void declare(Channel channel, CoffeeQuery query, int share) throws IOException {
        String queue = queue(query, share);
        channel.queueDeclare(queue, true, false, false, null);
        for (CoffeeTable table : query.inputs()) {
            String from = table.isCatalog() ? exchange(table) : exchange(LAST.getOrDefault(query, Stage.FILTER_YEAR));
            channel.queueBind(queue, from, table.text() + "." + share);
        }
    }
}
