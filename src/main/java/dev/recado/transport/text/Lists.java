package dev.recado.transport.text;

import dev.recado.base.SettingKey;
import dev.recado.broker.SessionFigures;
import dev.recado.core.group.GroupSettings;
import dev.recado.core.message.HeaderValue;
import dev.recado.core.topic.Binding;
import dev.recado.core.topic.Catalog;
import dev.recado.core.topic.DeadLetterName;
import dev.recado.core.topic.DeadLetterRoute;
import dev.recado.core.topic.ExchangeDef;
import dev.recado.core.topic.GroupDef;
import dev.recado.core.topic.GroupSpec;
import dev.recado.core.topic.MemberFigures;
import dev.recado.core.topic.Topic;
import dev.recado.core.topic.TopicFigures;
import dev.recado.core.topic.TopicName;
import dev.recado.security.TokenDef;
import dev.recado.security.UserDef;
import dev.recado.security.Users;
import dev.recado.transport.SlicedOutput;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * The answers that are lists: one JSON object a line, ended by a line {@code .}. Each is made as the
 * socket takes it, of a snapshot that does not change.
 */
final class Lists {

    private Lists() {}

    /** About what one topic takes of the list. */
    private static final long TOPIC_BYTES = 128;
    /** The same of a member. */
    private static final long MEMBER_BYTES = 192;
    /** About what one group's or session's figures take, and its part of a list. */
    private static final long GROUP_BYTES = 512;

    /** No secret of any is in it: of a password only whether there is one. */
    static LargeAnswer users(Users users) {
        List<UserDef> all = users.users();
        Stream<SlicedOutput> lines = all.stream()
                .map(user -> new JsonLine()
                        .put("name", user.name())
                        .put("role", user.role().word())
                        .put("password", user.hasPassword())
                        .put("grants", user.grantTexts())
                        .put("keys", user.keys()))
                .map(line -> SlicedOutput.text(line.end() + '\n'));
        return answer(lines, TOPIC_BYTES * all.size());
    }

    /** What can be known of them behind the moment in which they were made. */
    static LargeAnswer tokens(Users users) {
        List<TokenDef> all = users.tokens();
        Stream<SlicedOutput> lines = all.stream()
                .map(token -> new JsonLine()
                        .put("id", token.id())
                        .put("user", token.user())
                        .put("created", token.createdMs())
                        .put("until", token.untilMs())
                        .put("scope", token.scopeTexts())
                        .put("note", token.note()))
                .map(line -> SlicedOutput.text(line.end() + '\n'));
        return answer(lines, TOPIC_BYTES * all.size());
    }

    /** Those that {@code visible} takes. */
    static LargeAnswer topics(Catalog catalog, Predicate<TopicName> visible) {
        Stream<SlicedOutput> lines = catalog.topics().stream()
                .filter(topic -> visible.test(topic.name()))
                .map(topic -> SlicedOutput.text(line(topic)));
        return answer(lines, TOPIC_BYTES * catalog.topicCount());
    }

    private static String line(Topic topic) {
        return new JsonLine()
                        .put("name", topic.name().name())
                        .put("kind", topic.settings().kind().word())
                        .put("durability", topic.settings().durability().word())
                        .put("partitions", topic.partitionCount())
                        .put("groups", topic.groupCount())
                        .end()
                + '\n';
    }

    /** Each part is made when its turn comes. */
    private static LargeAnswer answer(Stream<SlicedOutput> lines, long heldBytes) {
        Stream<SlicedOutput> all = Stream.concat(lines, Stream.of(SlicedOutput.text(".\n")));
        return new LargeAnswer(SlicedOutput.sequence(all.iterator()), heldBytes, () -> {});
    }

    /** The elements of an array, made one by one. */
    private static <T> Stream<SlicedOutput> elements(Collection<T> items, Function<T, String> words) {
        boolean[] later = {false};
        return items.stream().map(item -> {
            String comma = later[0] ? "," : "";
            later[0] = true;
            return SlicedOutput.text(comma + words.apply(item));
        });
    }

    /** Those that {@code visible} takes. */
    static LargeAnswer namespaces(Catalog catalog, Predicate<String> visible) {
        Map<String, Integer> topics = new HashMap<>();
        Map<String, Integer> exchanges = new HashMap<>();
        catalog.topics().forEach(topic -> topics.merge(topic.name().namespace(), 1, Integer::sum));
        catalog.exchanges().forEach(exchange -> exchanges.merge(exchange.name().namespace(), 1, Integer::sum));
        List<String> names = catalog.namespaces();
        Stream<SlicedOutput> lines = names.stream()
                .filter(visible)
                .map(name -> SlicedOutput.text(new JsonLine()
                                .put("name", name)
                                .put("topics", topics.getOrDefault(name, 0))
                                .put("exchanges", exchanges.getOrDefault(name, 0))
                                .end()
                        + '\n'));
        return answer(lines, TOPIC_BYTES * names.size());
    }

    static LargeAnswer topic(TopicFigures figures) {
        JsonLine json = new JsonLine()
                .put("name", figures.topic().name().name())
                .putAll(figures.topic().settings().values().plain())
                .put("rate", figures.ratePerSecond())
                .put("kept", figures.counts().kept())
                .put("bytes", figures.counts().bytes())
                .put("spilled", figures.counts().spilled())
                .put("backlog", figures.counts().backlog())
                .put("oldest", figures.counts().oldestMs())
                .put("dropped", figures.counts().dropped())
                .put("expired", figures.counts().expired());
        Stream<SlicedOutput> before = Stream.of(SlicedOutput.text(json.open("partition-figures", '[')));
        Stream<SlicedOutput> between =
                Stream.of(SlicedOutput.text(json.close(']').open("groups", '[')));
        Stream<SlicedOutput> behind =
                Stream.of(SlicedOutput.text(json.close(']').end() + '\n'));
        Stream<SlicedOutput> partitions = Stream.concat(before, elements(figures.partitions(), Lists::partition));
        Stream<SlicedOutput> groups =
                Stream.concat(between, elements(figures.groups(), one -> group(one, figures.topic())));
        return answer(
                Stream.concat(Stream.concat(partitions, groups), behind),
                GROUP_BYTES * (figures.groups().size() + figures.partitions().size()));
    }

    private static String partition(TopicFigures.PartitionFigures figures) {
        return new JsonLine()
                .put("partition", figures.index())
                .put("shard", figures.shard())
                .put("first", figures.logStart())
                .put("end", figures.end())
                .end();
    }

    static LargeAnswer groups(TopicFigures figures) {
        Stream<SlicedOutput> lines =
                figures.groups().stream().map(one -> SlicedOutput.text(group(one, figures.topic()) + '\n'));
        return answer(lines, GROUP_BYTES * figures.groups().size());
    }

    private static String group(TopicFigures.GroupFigures figures, Topic topic) {
        GroupDef group = figures.group();
        Map<String, Object> settings =
                new GroupSpec(group.settings(), group.from()).values().plain();
        putDeadLetter(group, topic, settings);
        return new JsonLine()
                .put("name", group.name())
                .put("kind", group.kind().word())
                .putAll(settings)
                .put("members", figures.members())
                .put("silent", figures.silent())
                .put("floor", figures.unfinished().floor())
                .put("oldest", figures.oldestMs())
                .put("backlog", figures.unfinished().backlog())
                .put("ready", figures.unfinished().ready())
                .put("leased", figures.unfinished().leased())
                .put("waiting", figures.unfinished().waiting())
                .put("delivered", figures.totals().delivered())
                .put("acked", figures.totals().acked())
                .put("redelivered", figures.totals().redelivered())
                .put("dead-lettered", figures.totals().deadLettered())
                .put("held-bytes", figures.held().bytes())
                .put("held-back", figures.held().back())
                .end();
    }

    /** Where dead letters go: through the exchange of the topic, unless the group says otherwise. */
    private static void putDeadLetter(GroupDef group, Topic topic, Map<String, Object> settings) {
        if (group.settings().deadLetter() == null && topic.settings().deadLetters() != null) {
            settings.remove(GroupSettings.DEAD_LETTER.name());
            for (SettingKey<String> key : List.of(DeadLetterRoute.EXCHANGE, DeadLetterRoute.KEY)) {
                settings.put(key.name(), topic.settings().values().get(key));
            }
        } else {
            String deadLetter = DeadLetterName.of(group.settings(), topic.name().name());
            settings.put(GroupSettings.DEAD_LETTER.name(), deadLetter == null ? "" : deadLetter);
        }
    }

    static LargeAnswer members(List<MemberFigures> members) {
        return answer(members.stream().map(one -> SlicedOutput.text(line(one))), MEMBER_BYTES * members.size());
    }

    private static String line(MemberFigures member) {
        return new JsonLine()
                        .put("partition", member.partition())
                        .put("session", member.session())
                        .put("consumer", member.consumer())
                        .put("pulls", member.wish().pulls())
                        .put("priority", member.wish().priority())
                        .put("exclusive", member.wish().exclusive())
                        .put("credit", member.load().credit())
                        .put("leased", member.load().leased())
                        .put("handed-bytes", member.load().handedBytes())
                        .put("paused", member.state().paused())
                        .put("silent", member.state().silent())
                        .put("ceased", member.state().ceased())
                        .end()
                + '\n';
    }

    static LargeAnswer sessions(List<SessionFigures> sessions) {
        return answer(sessions.stream().map(one -> SlicedOutput.text(line(one))), GROUP_BYTES * sessions.size());
    }

    private static String line(SessionFigures session) {
        return new JsonLine()
                        .put("session", session.id())
                        .put("protocol", session.info().protocol())
                        .put("peer", session.info().peer())
                        .put("client", session.info().client())
                        .put("user", session.info().user())
                        .put("namespace", session.info().namespace())
                        .put("since", session.connectedMs())
                        .put("subscriptions", session.subscriptions())
                        .put("unconfirmed", session.counts().unconfirmed())
                        .put("paused", session.paused())
                        .put("published", session.counts().published())
                        .put("delivered", session.counts().delivered())
                        .put("acked", session.counts().acked())
                        .put("publish-rate", session.rates().published())
                        .put("deliver-rate", session.rates().delivered())
                        .put("ack-rate", session.rates().acked())
                        .end()
                + '\n';
    }

    /** Those that {@code visible} takes, each with the bindings to topics that it takes. */
    static LargeAnswer exchanges(Catalog catalog, Predicate<TopicName> visible) {
        Collection<ExchangeDef> exchanges = catalog.exchanges();
        long bindings =
                exchanges.stream().mapToLong(one -> one.bindings().size()).sum();
        Stream<SlicedOutput> lines = exchanges.stream()
                .filter(exchange -> visible.test(exchange.name()))
                .map(exchange -> exchange(exchange, catalog, visible));
        return answer(lines, TOPIC_BYTES * (exchanges.size() + bindings));
    }

    private static SlicedOutput exchange(ExchangeDef exchange, Catalog catalog, Predicate<TopicName> visible) {
        List<Binding> bindings = exchange.bindings().stream()
                .filter(binding -> visible.test(target(binding, catalog)))
                .toList();
        JsonLine json = new JsonLine()
                .put("name", exchange.name().name())
                .put("type", exchange.type().word())
                .putAll(exchange.settings().values().plain());
        Stream<SlicedOutput> before = Stream.of(SlicedOutput.text(json.open("bindings", '[')));
        Stream<SlicedOutput> behind =
                Stream.of(SlicedOutput.text(json.close(']').end() + '\n'));
        Stream<SlicedOutput> between = elements(bindings, binding -> binding(binding, catalog));
        return SlicedOutput.sequence(
                Stream.concat(Stream.concat(before, between), behind).iterator());
    }

    /** The catalog has what its bindings lead to. */
    private static TopicName target(Binding binding, Catalog catalog) {
        return binding.leadsToExchange()
                ? Objects.requireNonNull(catalog.exchange(binding.exchangeId())).name()
                : Objects.requireNonNull(catalog.topic(binding.topicId())).name();
    }

    /** Headers and values are those of BIND; without values these are left out. */
    private static String binding(Binding binding, Catalog catalog) {
        Map<String, String> headers = new TreeMap<>();
        Map<String, String> values = new TreeMap<>();
        binding.headers().forEach((name, value) -> {
            if (value instanceof HeaderValue.Text text && !text.text().isEmpty()) {
                headers.put(name, text.text());
            } else {
                (value instanceof HeaderValue.Present ? headers : values).put(name, value.literal());
            }
        });
        JsonLine json = new JsonLine()
                .put(
                        binding.leadsToExchange() ? "exchange" : "topic",
                        target(binding, catalog).name())
                .put("key", binding.key())
                .put("headers", headers);
        return (values.isEmpty() ? json : json.put("values", values)).end();
    }
}
