package dev.recado.transport.text;

import dev.recado.base.BrokerException;
import dev.recado.base.ErrorCode;
import dev.recado.base.Names;
import dev.recado.base.Outcome;
import dev.recado.base.PercentCodec;
import dev.recado.base.Refusal;
import dev.recado.core.group.GroupSettings;
import dev.recado.core.topic.CatalogChange;
import dev.recado.core.topic.ExchangeType;
import dev.recado.core.topic.GroupDef;
import dev.recado.core.topic.GroupKind;
import dev.recado.core.topic.GroupSpec;
import dev.recado.core.topic.StartPosition;
import dev.recado.core.topic.Topic;
import dev.recado.core.topic.TopicName;
import dev.recado.core.topic.TopicSettings;
import io.vertx.core.Future;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The commands that administrate: TOPIC, GROUP, EXCHANGE, BIND, UNBIND, BROWSE. One session's, one owner. */
final class AdminCommands {

    static final int BROWSE_MAX = 1000;

    private static final String MALFORMED = "malformed percent-encoding";

    private final Dialogue dialogue;
    /** What the answer to a BROWSE is made from until it is written; there is one at a time. */
    private Set<byte[]> browsed = Set.of();

    private boolean closed;

    AdminCommands(Dialogue dialogue) {
        this.dialogue = dialogue;
    }

    void topic(TextCommand command) {
        String what = command.fieldCount == 0 ? "" : command.raw(0);
        switch (what) {
            case "LIST" -> {
                if (fits(command, 1, 1, "TOPIC:LIST") && mayConsume()) {
                    dialogue.answer(Lists.topics(dialogue.catalog()));
                }
            }
            case "DESCRIBE" -> {
                Topic topic = fits(command, 2, 2, "TOPIC:DESCRIBE:<name>") && mayConsume() ? topic(command, 1) : null;
                if (topic != null) {
                    dialogue.awaitLarge(dialogue.link.describe(topic), Lists::topic);
                }
            }
            case "CREATE" -> createTopic(command);
            case "ALTER" -> alterTopic(command);
            case "DELETE" -> {
                Topic topic = fits(command, 2, 2, "TOPIC:DELETE:<name>") && mayConfigure() ? topic(command, 1) : null;
                if (topic != null) {
                    change(new CatalogChange.DeleteTopic(topic.uuid()), "OK:TOPIC:DELETE:" + encoded(topic));
                }
            }
            case "PURGE" -> {
                Topic topic = fits(command, 2, 2, "TOPIC:PURGE:<name>") && mayConfigure() ? topic(command, 1) : null;
                if (topic != null) {
                    dialogue.await(
                            dialogue.link.purge(topic), removed -> "OK:TOPIC:PURGE:" + encoded(topic) + ":" + removed);
                }
            }
            default -> unknown(command, what);
        }
    }

    private void createTopic(TextCommand command) {
        if (!fits(command, 2, 3, "TOPIC:CREATE:<name>[:<k=v&k=v>]") || !mayConfigure()) {
            return;
        }
        String name = text(command, 1);
        Map<String, String> given = name == null ? null : pairs(command, 2);
        if (name == null || given == null) {
            return;
        }
        TopicSettings settings =
                granted(TopicSettings.parse(dialogue.environment.settings().topicDefaults(), given));
        if (settings != null) {
            change(
                    new CatalogChange.CreateTopic(
                            TopicName.of(name), dialogue.environment.uuids().get(), settings, false),
                    "OK:TOPIC:CREATE:" + PercentCodec.encode(name));
        }
    }

    private void alterTopic(TextCommand command) {
        if (!fits(command, 3, 3, "TOPIC:ALTER:<name>:<k=v&k=v>") || !mayConfigure()) {
            return;
        }
        Topic topic = topic(command, 1);
        Map<String, String> given = topic == null ? null : pairs(command, 2);
        TopicSettings settings =
                topic == null || given == null ? null : granted(TopicSettings.parse(topic.settings(), given));
        if (topic != null && settings != null) {
            change(new CatalogChange.AlterTopic(topic.uuid(), settings), "OK:TOPIC:ALTER:" + encoded(topic));
        }
    }

    void group(TextCommand command) {
        String what = command.fieldCount == 0 ? "" : command.raw(0);
        switch (what) {
            case "LIST" -> {
                Topic topic = fits(command, 2, 2, "GROUP:LIST:<topic>") && mayConsume() ? topic(command, 1) : null;
                if (topic != null) {
                    dialogue.awaitLarge(dialogue.link.describe(topic), Lists::groups);
                }
            }
            case "CREATE" -> createGroup(command);
            case "ALTER" -> alterGroup(command);
            case "RESET" -> resetGroup(command);
            case "DELETE" -> deleteGroup(command);
            default -> unknown(command, what);
        }
    }

    private void createGroup(TextCommand command) {
        if (!fits(command, 3, 4, "GROUP:CREATE:<topic>:<group>[:<k=v&k=v>]") || !mayConfigure()) {
            return;
        }
        Topic topic = topic(command, 1);
        String name = topic == null ? null : text(command, 2);
        Map<String, String> given = name == null ? null : pairs(command, 3);
        GroupSpec spec = given == null ? null : granted(GroupSpec.parse(newGroup(), given));
        if (topic == null || name == null || spec == null) {
            return;
        }
        change(
                new CatalogChange.CreateGroup(
                        topic.uuid(),
                        name,
                        GroupKind.NAMED,
                        spec.settings(),
                        spec.from(),
                        dialogue.environment.time().wallMs(),
                        false),
                "OK:GROUP:CREATE:" + encoded(topic) + ":" + PercentCodec.encode(name));
    }

    private GroupSpec newGroup() {
        return new GroupSpec(dialogue.environment.settings().groupDefaults(), StartPosition.next());
    }

    private void alterGroup(TextCommand command) {
        if (!fits(command, 4, 4, "GROUP:ALTER:<topic>:<group>:<k=v&k=v>") || !mayConfigure()) {
            return;
        }
        Topic topic = topic(command, 1);
        GroupDef group = topic == null ? null : group(topic, command, 2);
        Map<String, String> given = group == null ? null : pairs(command, 3);
        if (topic == null || group == null || given == null) {
            return;
        }
        if (given.containsKey("from")) {
            invalid("from says where a group begins; GROUP:RESET moves one that is there");
            return;
        }
        GroupSpec spec = granted(GroupSpec.parse(new GroupSpec(group.settings(), group.from()), given));
        if (spec != null) {
            GroupSettings settings = spec.settings();
            change(new CatalogChange.AlterGroup(group.id(), settings), "OK:GROUP:ALTER:" + names(topic, group));
        }
    }

    private void resetGroup(TextCommand command) {
        if (!fits(command, 4, 4, "GROUP:RESET:<topic>:<group>:<from>") || !mayConfigure()) {
            return;
        }
        Topic topic = topic(command, 1);
        GroupDef group = topic == null ? null : group(topic, command, 2);
        StartPosition from = group == null ? null : from(command, 3);
        if (topic != null && group != null && from != null) {
            dialogue.await(
                    dialogue.link.resetGroup(topic, group.name(), from),
                    done -> "OK:GROUP:RESET:" + names(topic, group));
        }
    }

    private void deleteGroup(TextCommand command) {
        if (!fits(command, 3, 3, "GROUP:DELETE:<topic>:<group>") || !mayConfigure()) {
            return;
        }
        Topic topic = topic(command, 1);
        GroupDef group = topic == null ? null : group(topic, command, 2);
        if (topic != null && group != null) {
            change(new CatalogChange.DeleteGroup(group.id()), "OK:GROUP:DELETE:" + names(topic, group));
        }
    }

    void exchange(TextCommand command) {
        String what = command.fieldCount == 0 ? "" : command.raw(0);
        switch (what) {
            case "LIST" -> {
                if (fits(command, 1, 1, "EXCHANGE:LIST") && mayConsume()) {
                    dialogue.answer(Lists.exchanges(dialogue.catalog()));
                }
            }
            case "CREATE" -> createExchange(command);
            case "DELETE" -> {
                String name = fits(command, 2, 2, "EXCHANGE:DELETE:<name>") && mayConfigure() ? text(command, 1) : null;
                if (name != null) {
                    change(
                            new CatalogChange.DeleteExchange(TopicName.of(name)),
                            "OK:EXCHANGE:DELETE:" + PercentCodec.encode(name));
                }
            }
            default -> unknown(command, what);
        }
    }

    private void createExchange(TextCommand command) {
        if (!fits(command, 3, 3, "EXCHANGE:CREATE:<name>:<type>") || !mayConfigure()) {
            return;
        }
        String name = text(command, 1);
        ExchangeType type = ExchangeType.of(command.raw(2));
        if (name == null) {
            return;
        }
        if (type == null) {
            invalid("exchange type=" + Names.shown(command.raw(2)) + " allowed=direct, fanout, topic, headers");
            return;
        }
        change(
                new CatalogChange.CreateExchange(TopicName.of(name), type),
                "OK:EXCHANGE:CREATE:" + PercentCodec.encode(name));
    }

    /** BIND and UNBIND. */
    void bind(TextCommand command) {
        String verb = command.verb.name();
        if (!fits(command, 3, 4, verb + ":<exchange>:<topic>:<key>[:<headers>]") || !mayConfigure()) {
            return;
        }
        String exchange = text(command, 0);
        Topic topic = exchange == null ? null : topic(command, 1);
        String key = topic == null ? null : text(command, 2);
        Map<String, String> headers = key == null ? null : pairs(command, 3);
        if (exchange == null || topic == null || key == null || headers == null) {
            return;
        }
        TopicName name = TopicName.of(exchange);
        CatalogChange change = command.verb == Verb.BIND
                ? new CatalogChange.Bind(name, topic.uuid(), key, headers)
                : new CatalogChange.Unbind(name, topic.uuid(), key, headers);
        change(change, "OK:" + verb + ":" + PercentCodec.encode(exchange) + ":" + encoded(topic));
    }

    void browse(TextCommand command) {
        if (!fits(command, 3, 3, "BROWSE:<topic>:<from>:<n>") || !mayConsume()) {
            return;
        }
        Topic topic = topic(command, 0);
        StartPosition from = topic == null ? null : from(command, 1);
        long count = command.number(2);
        if (topic == null || from == null) {
            return;
        }
        if (count < 1 || count > BROWSE_MAX) {
            invalid("n, allowed=1 to " + BROWSE_MAX);
            return;
        }
        dialogue.awaitLarge(
                dialogue.link.browse(topic, from, (int) count).compose(found -> hold(BrowsedList.of(topic, found))),
                answer -> answer);
    }

    /** The answer, where what clients have not taken of others leaves room for it. */
    private Future<LargeAnswer> hold(BrowsedList list) {
        BrowseBudget budget = dialogue.environment.buffers().browsing;
        if (closed || !budget.tryHold(list.arrays())) {
            return Future.failedFuture(BrokerException.of(Refusal.of(
                    ErrorCode.MEMORY_LOW,
                    "answers to BROWSE that clients have not read, limit=" + budget.bytesMax()
                            + " bytes; read them, or try again later")));
        }
        browsed = list.arrays();
        return Future.succeededFuture(list.answer(this::letGo));
    }

    private void letGo() {
        dialogue.environment.buffers().browsing.letGo(browsed);
        browsed = Set.of();
    }

    /** Bytes that an answer to BROWSE holds, until it is taken. */
    long browsedBytes() {
        long bytes = 0;
        for (byte[] array : browsed) {
            bytes += array.length;
        }
        return bytes;
    }

    /** The session is over. */
    void close() {
        closed = true;
        letGo();
    }

    private void change(CatalogChange change, String answer) {
        dialogue.await(dialogue.link.change(change), catalog -> answer);
    }

    private boolean mayConsume() {
        return !dialogue.lacks(dialogue.rights().consume(), "consume");
    }

    private boolean mayConfigure() {
        return !dialogue.lacks(dialogue.rights().configure(), "configure");
    }

    private boolean fits(TextCommand command, int fieldsMin, int fieldsMax, String grammar) {
        boolean good = command.fieldCount >= fieldsMin && command.fieldCount <= fieldsMax;
        if (!good) {
            invalid(grammar);
        }
        return good;
    }

    private void invalid(String detail) {
        dialogue.refuse(ErrorCode.INVALID_ARGUMENT, detail);
    }

    private void unknown(TextCommand command, String what) {
        dialogue.refuse(ErrorCode.UNKNOWN_COMMAND, command.verb.name() + ":" + Names.shown(what));
    }

    private @Nullable String text(TextCommand command, int field) {
        String text = command.text(field);
        if (text == null) {
            invalid(MALFORMED);
        }
        return text;
    }

    private @Nullable Topic topic(TextCommand command, int field) {
        String name = text(command, field);
        Topic topic = name == null ? null : dialogue.catalog().topic(TopicName.of(name));
        if (name != null && topic == null) {
            dialogue.refuse(TopicLookup.unknown(name));
        }
        return topic;
    }

    private @Nullable GroupDef group(Topic topic, TextCommand command, int field) {
        String name = text(command, field);
        GroupDef group = name == null ? null : topic.group(name);
        if (name != null && group == null) {
            dialogue.refuse(ErrorCode.GROUP_NOT_FOUND, Names.shown(name));
        }
        return group;
    }

    private @Nullable StartPosition from(TextCommand command, int field) {
        StartPosition from = StartPosition.parse(command.raw(field));
        if (from == null) {
            boolean isId = command.dash(field) >= 0 && MessageIdText.offset(command, field) >= 0;
            invalid((isId ? "from holds for every partition and takes no partition" : "from") + ", allowed="
                    + StartPosition.ALLOWED);
        }
        return from;
    }

    /** {@code name=value&name=value} of a field that may be absent. */
    private @Nullable Map<String, String> pairs(TextCommand command, int field) {
        Map<String, String> pairs = new LinkedHashMap<>();
        String raw = field < command.fieldCount ? command.raw(field) : "";
        for (String pair : raw.isEmpty() ? new String[0] : raw.split("&", -1)) {
            int equals = pair.indexOf('=');
            String name = PercentCodec.decode(equals < 0 ? pair : pair.substring(0, equals));
            String value = PercentCodec.decode(equals < 0 ? "" : pair.substring(equals + 1));
            if (name == null || name.isEmpty() || value == null || pairs.putIfAbsent(name, value) != null) {
                invalid("not a list of different k=v joined by &: " + Names.shown(raw));
                return null;
            }
        }
        return pairs;
    }

    private <T> @Nullable T granted(Outcome<T> outcome) {
        if (outcome instanceof Outcome.Granted<T> granted) {
            return granted.value();
        }
        if (outcome instanceof Outcome.Refused<T> refused) {
            Refusal refusal = refused.refusal();
            dialogue.refuse(refusal);
        }
        return null;
    }

    private static String encoded(Topic topic) {
        return PercentCodec.encode(topic.name().name());
    }

    private static String names(Topic topic, GroupDef group) {
        return encoded(topic) + ":" + PercentCodec.encode(group.name());
    }
}
