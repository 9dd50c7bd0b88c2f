package dev.recado.fuzz;

import java.util.List;
import java.util.Random;

/**
 * The names and values of one conversation. Topics, groups and exchanges bear its number, so that conversations that
 * run side by side meet at the classic topic and in wide patterns only.
 */
final class Names {

    private static final List<String> TOPIC_SETTINGS = List.of(
            "kind=log",
            "kind=queue",
            "durability=fsync",
            "durability=os",
            "durability=memory",
            "partitions=1",
            "partitions=2",
            "partitions=4",
            "limit.messages=1",
            "limit.messages=3",
            "limit.bytes=200",
            "limit.message-bytes=60",
            "overflow=block",
            "overflow=reject",
            "overflow=drop-oldest",
            "ttl=1",
            "ttl=20ms",
            "retention.time=1",
            "retention.time=30ms",
            "retention.bytes=1",
            "retention.bytes=100",
            "retention.force=true",
            "priorities=3");
    private static final List<String> GROUP_SETTINGS = List.of(
            "strategy=key-ordered",
            "strategy=single-active",
            "strategy=least-in-flight",
            "strategy=round-robin",
            "from=first",
            "from=last",
            "from=next",
            "from=2",
            "lease-ms=0",
            "lease-ms=100",
            "lease-ms=5000",
            "max-deliveries=0",
            "max-deliveries=1",
            "max-deliveries=2",
            "back-off-ms=0",
            "back-off-ms=5",
            "nack-counts=true",
            "nack-counts=false",
            "max-members=1",
            "dead-letter=");
    private static final List<String> WRONG_SETTINGS = List.of(
            "kind=tree", "partitions=0", "ttl=soon", "lease-ms=5", "=", "a=b", "kind=log&kind=log", "%", "strategy=");
    private static final List<String> PLACES = List.of("first", "last", "next", "0", "1", "2", "5", "1000", "@0");
    private static final List<String> HEADERS =
            List.of("", "", "color=red", "color=red&size=2", "reply-to=n1/0/1/0", "a=%25", "priority=2", "x=");

    final Random random;
    private final String prefix;

    Names(Random random, long seed) {
        this.random = random;
        this.prefix = "f" + Long.toUnsignedString(seed, 36);
    }

    <T> T oneOf(List<T> some) {
        return some.get(random.nextInt(some.size()));
    }

    boolean oneIn(int n) {
        return random.nextInt(n) == 0;
    }

    /** The topics that a conversation may have made. */
    List<String> topics() {
        return List.of(prefix + ".a", prefix + ".b.c", prefix + ".d", prefix + ".dead");
    }

    List<String> exchanges() {
        return List.of(prefix + ".x", prefix + ".y");
    }

    String topic() {
        int dice = random.nextInt(40);
        return switch (dice) {
            case 0 -> "default";
            case 1 -> "$sys";
            case 2 -> "";
            case 3 -> "%zz";
            default -> topics().get(dice % 8 == 7 ? 3 : dice % 3);
        };
    }

    /** As {@link #topic} without the one that all conversations share. */
    String ownTopic() {
        return oneOf(topics());
    }

    String pattern() {
        return oneOf(List.of(prefix + ".#", prefix + ".*", "#", prefix + ".*.c", "#.c", prefix + ".a.#", "*"));
    }

    String group() {
        return oneOf(List.of("g", "g", "h", "g%201", ""));
    }

    String namedGroup() {
        return oneOf(List.of("g", "g", "h", "g%201"));
    }

    String consumer() {
        return oneOf(List.of("", ":" + prefix + "c", ":" + prefix + "c:" + prefix + "g", "::" + prefix + "g", ":%"));
    }

    String producer() {
        return prefix + oneOf(List.of("p", "q"));
    }

    String exchange() {
        return oneIn(12) ? "none" : oneOf(exchanges());
    }

    String key() {
        return oneOf(List.of("", "k1", "k1", "k2", "a.b", "a.*", "#", "k%3A", "key%201"));
    }

    String headers() {
        return oneOf(HEADERS);
    }

    String place() {
        return oneIn(15) ? oneOf(List.of("", "0-1", "soon", "@", "-1")) : oneOf(PLACES);
    }

    String credit() {
        return oneOf(List.of("", "1", "2", "10", "256", "auto", "65535", oneIn(10) ? "0" : "5"));
    }

    String topicSettings() {
        return settings(TOPIC_SETTINGS);
    }

    String groupSettings() {
        return settings(GROUP_SETTINGS).replace("dead-letter=", "dead-letter=" + prefix + ".dead");
    }

    private String settings(List<String> from) {
        StringBuilder out = new StringBuilder();
        int count = random.nextInt(4);
        for (int i = 0; i < count; i++) {
            String one = oneIn(40) ? oneOf(WRONG_SETTINGS) : oneOf(from);
            String name = one.substring(0, one.indexOf('=') + 1);
            if (!out.toString().contains(name)) {
                out.append(out.length() == 0 ? "" : "&").append(one);
            }
        }
        return out.toString();
    }

    /** An id that may be held, may have been held or may never be. */
    String id() {
        int offset = oneIn(12) ? 1 << random.nextInt(30) : random.nextInt(7);
        return oneIn(4) ? random.nextInt(5) + "-" + offset : Integer.toString(offset);
    }

    String brokenId() {
        return oneOf(List.of("", "x", "-", "1-", "-1", "x-1", "99999999999999999999", "1.5"));
    }

    /** Never begins as an answer does. */
    String payload() {
        int length = oneIn(30) ? random.nextInt(5_000) : random.nextInt(40);
        StringBuilder out = new StringBuilder("p");
        for (int i = 1; i < length; i++) {
            out.append("abc:%\r\n xyz".charAt(random.nextInt(11)));
        }
        return out.toString();
    }
}
