package dev.recado.transport.amqp.wire;

import dev.recado.base.ByteWriter;
import java.util.Random;

/** Tables of every type, nested, with names that come twice now and then, from a seed. */
final class RandomTables {

    private static final String LETTERS = "tbBsuIilLfdDSxTVAF";

    private RandomTables() {}

    static FieldTable table(Random random) {
        ByteWriter out = new ByteWriter(64);
        putFields(out, random, true, 1);
        return FieldTable.checked(out.toByteArray(), 0, out.size());
    }

    private static void putFields(ByteWriter out, Random random, boolean named, int depth) {
        for (int n = random.nextInt(5); n > 0; n--) {
            if (named) {
                ShortString.put(out, "x".repeat(random.nextInt(4)) + (char) ('a' + random.nextInt(3)));
            }
            char letter = LETTERS.charAt(random.nextInt(LETTERS.length()));
            out.put(letter);
            putValue(out, random, letter, depth);
        }
    }

    private static void putValue(ByteWriter out, Random random, char letter, int depth) {
        switch (letter) {
            case 'V' -> {}
            case 't', 'b', 'B' -> out.put(random.nextInt());
            case 's', 'u' -> out.putShort(random.nextInt());
            case 'I', 'i', 'f' -> out.putInt(random.nextInt());
            case 'D' -> out.put(random.nextInt(20)).putInt(random.nextInt());
            case 'S', 'x' -> {
                byte[] bytes = new byte[random.nextInt(20)];
                random.nextBytes(bytes);
                out.putInt(bytes.length).put(bytes);
            }
            case 'A', 'F' -> {
                int mark = out.skip(4);
                if (depth < 4) {
                    putFields(out, random, letter == 'F', depth + 1);
                }
                out.setInt(mark, out.size() - mark - 4);
            }
            default -> out.putLong(random.nextLong());
        }
    }
}
