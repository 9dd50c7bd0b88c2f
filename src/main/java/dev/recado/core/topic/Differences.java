package dev.recado.core.topic;

import dev.recado.core.group.GroupSettings;
import java.util.ArrayList;
import java.util.List;

/** Names the settings that are not the same in two topics, groups or exchanges. */
final class Differences {

    private Differences() {}

    static String between(TopicSettings a, TopicSettings b) {
        return String.join(", ", a.values().differences(b.values()));
    }

    /** Empty for none; a group that is not spoken of may have any. */
    static String between(Topic topic, CatalogChange.CreateTopic create) {
        String names = between(topic.settings(), create.settings());
        GroupDef group = topic.isQueue() ? topic.group(GroupDef.QUEUE) : null;
        GroupSettings wanted = create.group();
        if (group == null || wanted == null) {
            return names;
        }
        String more = String.join(", ", group.settings().values().differences(wanted.values()));
        return names + (names.isEmpty() || more.isEmpty() ? "" : ", ") + more;
    }

    static String between(GroupDef group, CatalogChange.CreateGroup create) {
        List<String> names = new ArrayList<>();
        if (group.kind() != create.kind()) {
            names.add("kind");
        }
        names.addAll(new GroupSpec(group.settings(), group.from())
                .values()
                .differences(new GroupSpec(create.settings(), create.from()).values()));
        return String.join(", ", names);
    }

    static String between(ExchangeDef exchange, CatalogChange.CreateExchange create) {
        List<String> names = new ArrayList<>();
        if (exchange.type() != create.type()) {
            names.add("type");
        }
        names.addAll(exchange.settings().values().differences(create.settings().values()));
        return String.join(", ", names);
    }
}
