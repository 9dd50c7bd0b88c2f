package dev.recado.apps.coffee.wire;

import dev.recado.apps.coffee.data.CoffeeRow;
import dev.recado.apps.coffee.data.CoffeeRow.Answer;
import dev.recado.apps.coffee.data.CoffeeRow.GroupSum;
import dev.recado.apps.coffee.data.CoffeeRow.Naming;
import dev.recado.apps.coffee.data.CoffeeRow.Sale;
import dev.recado.apps.coffee.data.CoffeeRow.SaleItem;
import dev.recado.apps.coffee.data.CoffeeTable;
import dev.recado.apps.coffee.wire.GatewayFrame.Position;
import dev.recado.apps.coffee.wire.GatewayFrame.RefusalCode;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.UUID;

/** Frames and batches by chance. */
final class RandomFrames {

    private final Random random;

    RandomFrames(long seed) {
        random = new Random(seed);
    }

    private <T> T any(T[] those) {
        return those[random.nextInt(those.length)];
    }

    Batch batch() {
        UUID session = new UUID(random.nextLong(), random.nextLong());
        CoffeeTable table = any(CoffeeTable.values());
        if (random.nextInt(5) == 0) {
            return Batch.eos(session, table, number(), random.nextBoolean());
        }
        int kind = random.nextInt(5);
        List<CoffeeRow> rows = new ArrayList<>();
        for (int i = random.nextInt(20); i > 0; i--) {
            rows.add(row(kind));
        }
        return Batch.ofRows(session, table, number(), rows);
    }

    private CoffeeRow row(int kind) {
        return switch (kind) {
            case 0 -> new Sale(text(), number(), number(), number(), number());
            case 1 -> new SaleItem(text(), number(), number(), number(), number());
            case 2 -> new Naming(number(), text());
            case 3 -> new GroupSum(number(), number(), number(), number());
            default ->
                new Answer(random.ints(random.nextInt(6)).mapToObj(i -> text()).toList());
        };
    }

    GatewayFrame frame() {
        return switch (random.nextInt(10)) {
            case 0 -> new GatewayFrame.Hello(new UUID(random.nextLong(), random.nextLong()), random.nextBoolean());
            case 1 -> new GatewayFrame.Rows(batch());
            case 2 -> new GatewayFrame.Fetched();
            case 9 -> new GatewayFrame.Left();
            case 3 ->
                new GatewayFrame.Welcome(
                        random.ints(random.nextInt(6)).mapToObj(i -> position()).toList());
            case 4 -> new GatewayFrame.Refused(any(RefusalCode.values()), text());
            case 5 -> new GatewayFrame.Taken(position());
            case 6 -> new GatewayFrame.Progress(random.nextInt(256));
            case 7 -> new GatewayFrame.Refused(RefusalCode.FULL, "");
            default -> new GatewayFrame.ResultEnd(random.nextLong(), random.nextInt());
        };
    }

    private Position position() {
        return new Position(any(CoffeeTable.values()), number(), number(), random.nextBoolean());
    }

    private long number() {
        return random.nextLong() >>> 1 + random.nextInt(63);
    }

    private String text() {
        return random.ints(random.nextInt(12), 1, 0x20000)
                .filter(c -> c < 0xD800 || c > 0xDFFF)
                .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                .toString();
    }
}
