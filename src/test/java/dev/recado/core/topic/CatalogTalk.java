package dev.recado.core.topic;

import static dev.recado.core.topic.Changes.bind;
import static dev.recado.core.topic.Changes.join;
import static dev.recado.core.topic.Changes.part;
import static dev.recado.core.topic.Changes.uuid;
import static org.assertj.core.api.Assertions.assertThat;

import dev.recado.base.Outcome;
import dev.recado.base.Refusal;
import dev.recado.core.group.GroupSettings;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;

/** Changes of a catalog and what comes of them, as a dialogue. */
final class CatalogTalk {

    private CatalogTalk() {}

    /** Applies the changes behind {@code >} to an empty catalog and compares what comes of each with {@code <}. */
    static void converse(String transcript) {
        Catalog catalog = Catalog.empty(8);
        String answer = "";
        for (String line : transcript.lines().toList()) {
            if (line.startsWith("< ")) {
                assertThat("< " + answer).as(transcript).isEqualTo(line);
                continue;
            }
            CatalogResult result =
                    catalog.apply(change(catalog, line.substring(2).split(" ")));
            if (result instanceof CatalogResult.Applied applied) {
                boolean same = applied.event() instanceof CatalogEvent.Unchanged;
                assertThat(applied.catalog().version()).isEqualTo(catalog.version() + (same ? 0 : 1));
                catalog = applied.catalog();
                answer = told(applied.event());
            } else {
                Refusal refusal = ((CatalogResult.Refused) result).refusal();
                answer = refusal.code() + " " + refusal.detail();
            }
        }
    }

    private static String told(CatalogEvent event) {
        String kind = event.getClass().getSimpleName();
        if (event instanceof CatalogEvent.TopicCreated e) {
            return kind + " " + e.topic();
        } else if (event instanceof CatalogEvent.TopicAltered e) {
            return kind + " " + e.after();
        } else if (event instanceof CatalogEvent.TopicDropped e) {
            return kind + " " + e.topic();
        } else if (event instanceof CatalogEvent.GroupCreated e) {
            return kind + " " + e.topic() + " " + e.group().name() + "#"
                    + e.group().id();
        } else if (event instanceof CatalogEvent.GroupAltered e) {
            return kind + " " + e.topic() + " " + e.after().name() + "#"
                    + e.after().id();
        } else if (event instanceof CatalogEvent.GroupDropped e) {
            return kind + " " + e.topic() + " " + e.group().name() + "#"
                    + e.group().id();
        } else if (event instanceof CatalogEvent.ExchangeChanged e) {
            return kind + " " + e.exchange().name() + " " + e.exchange().bindingCount();
        } else if (event instanceof CatalogEvent.ExchangeDropped e) {
            return kind + " " + e.exchange().name() + " " + e.exchange().bindingCount();
        }
        return kind;
    }

    private static CatalogChange change(Catalog catalog, String[] words) {
        String name = words.length < 2 || words[1].equals("''") ? "" : words[1];
        Topic topic = catalog.topic(TopicName.of(name));
        return switch (words[0]) {
            case "topic", "topic?" ->
                new CatalogChange.CreateTopic(
                        TopicName.of(name),
                        uuid(name),
                        settings(TopicSettings.DEFAULT, words, 2),
                        words[0].endsWith("?"));
            case "queue" ->
                new CatalogChange.CreateTopic(
                        TopicName.of(name),
                        uuid(name),
                        settings(TopicSettings.DEFAULT, new String[] {"kind=queue"}, 0),
                        spec(words, 2).settings(),
                        false);
            case "grouped" ->
                new CatalogChange.CreateTopic(
                        TopicName.of(name), uuid(name), TopicSettings.DEFAULT, GroupSettings.DEFAULT, true);
            case "alter" ->
                new CatalogChange.AlterTopic(
                        uuid(name), settings(topic == null ? TopicSettings.DEFAULT : topic.settings(), words, 2));
            case "drop" -> new CatalogChange.DeleteTopic(uuid(name));
            case "group", "group?" -> {
                GroupSpec spec = spec(words, 3);
                yield new CatalogChange.CreateGroup(
                        uuid(name), words[2], GroupKind.NAMED, spec.settings(), spec.from(), 7, words[0].endsWith("?"));
            }
            case "regroup" ->
                new CatalogChange.AlterGroup(
                        Integer.parseInt(name), spec(words, 2).settings());
            case "ungroup" -> new CatalogChange.DeleteGroup(Integer.parseInt(name));
            case "exchange", "exchange?" ->
                new CatalogChange.CreateExchange(
                        TopicName.of(name),
                        Objects.requireNonNull(ExchangeType.of(words[2])),
                        ((Outcome.Granted<ExchangeSettings>)
                                        ExchangeSettings.parse(ExchangeSettings.DEFAULT, pairs(words, 3)))
                                .value(),
                        words[0].endsWith("?"));
            case "join" -> join(name, words[2].equals("''") ? "" : words[2], words[3]);
            case "part" -> part(name, words[2], words[3]);
            case "restart" -> new CatalogChange.EndTransientExchanges();
            case "unexchange" -> new CatalogChange.DeleteExchange(TopicName.of(name));
            case "bind" -> bind(name, words[2], words[3], pairs(words, 4));
            default -> new CatalogChange.Unbind(TopicName.of(name), uuid(words[2]), words[3], pairs(words, 4));
        };
    }

    static TopicSettings settings(TopicSettings base, String[] words, int from) {
        return ((Outcome.Granted<TopicSettings>) TopicSettings.parse(base, pairs(words, from))).value();
    }

    private static GroupSpec spec(String[] words, int from) {
        return ((Outcome.Granted<GroupSpec>) GroupSpec.parse(GroupSpec.DEFAULT, pairs(words, from))).value();
    }

    private static Map<String, String> pairs(String[] words, int from) {
        Map<String, String> pairs = new LinkedHashMap<>();
        Arrays.stream(words).skip(from).map(word -> word.split("=")).forEach(pair -> pairs.put(pair[0], pair[1]));
        return pairs;
    }
}
