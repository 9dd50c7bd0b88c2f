package dev.recado.core.topic;

import java.util.ArrayList;
import java.util.List;

/** Names the settings that are not the same in two topics or groups. */
final class Differences {

    private Differences() {}

    static String between(TopicSettings a, TopicSettings b) {
        return String.join(", ", a.values().differences(b.values()));
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
}
