package dev.recado.transport.text;

import dev.recado.base.BrokerException;
import dev.recado.base.ErrorCode;
import dev.recado.base.Names;
import dev.recado.base.PercentCodec;
import dev.recado.base.Refusal;
import dev.recado.base.SettingKey;
import dev.recado.broker.BrokerAdmin;
import dev.recado.broker.DeleteIf;
import dev.recado.core.group.GroupSettings;
import dev.recado.core.topic.CatalogChange;
import dev.recado.core.topic.GroupDef;
import dev.recado.core.topic.GroupKind;
import dev.recado.core.topic.GroupSpec;
import dev.recado.core.topic.StartPosition;
import dev.recado.core.topic.Topic;
import dev.recado.core.topic.TopicSettings;
import io.vertx.core.Future;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** The commands that administrate all but exchanges: TOPIC, GROUP, BROWSE, SESSION. One session's, one owner. */
final class AdminCommands {

    static final int BROWSE_MAX = 1000;

    private static final Set<String> GROUP_KEYS =
            GroupSettings.KEYS.stream().map(SettingKey::name).collect(Collectors.toUnmodifiableSet());

    private final Dialogue dialogue;
    private final CommandFields fields;
    /** Answers to BROWSE until they are written: one for each that waits behind others' answers. */
    private final Set<BrowsedList> browsed = Collections.newSetFromMap(new IdentityHashMap<>(2));

    private boolean closed;

    AdminCommands(Dialogue dialogue) {
        this.dialogue = dialogue;
        this.fields = new CommandFields(dialogue);
    }

    void topic(TextCommand command) {
        String what = command.fieldCount == 0 ? "" : command.raw(0);
        switch (what) {
            case "LIST" -> {
                if (fields.fits(command, 1, 1, "TOPIC:LIST")) {
                    dialogue.answer(Lists.topics(dialogue.catalog(), dialogue::isVisible));
                }
            }
            case "DESCRIBE" -> {
                Topic topic = fields.fits(command, 2, 2, "TOPIC:DESCRIBE:<name>") ? fields.topic(command, 1) : null;
                if (topic != null) {
                    dialogue.awaitLarge(dialogue.link.describe(topic), Lists::topic);
                }
            }
            case "CREATE" -> createTopic(command);
            case "ALTER" -> alterTopic(command);
            case "DELETE" -> deleteTopic(command);
            case "PURGE" -> purgeTopic(command);
            default -> fields.unknown(command, what);
        }
    }

    private void purgeTopic(TextCommand command) {
        Topic topic = fields.fits(command, 2, 3, "TOPIC:PURGE:<name>[:unheld]") ? fields.topic(command, 1) : null;
        if (topic == null) {
            return;
        }
        boolean isUnheld = command.fieldCount == 3 && command.is(2, "unheld");
        if (command.fieldCount == 3 && !isUnheld && command.fieldLength(2) > 0) {
            fields.invalid("option=" + Names.shown(command.raw(2)) + " allowed=unheld");
            return;
        }
        dialogue.await(
                isUnheld ? dialogue.link.purgeUnheld(topic) : dialogue.link.purge(topic),
                removed -> "OK:TOPIC:PURGE:" + encoded(topic) + ":" + removed);
    }

    private void deleteTopic(TextCommand command) {
        if (!fields.fits(command, 2, 3, "TOPIC:DELETE:<name>[:<options>]")) {
            return;
        }
        Topic topic = fields.topic(command, 1);
        if (topic == null) {
            return;
        }
        String answer = "OK:TOPIC:DELETE:" + encoded(topic);
        if (command.fieldCount == 2) {
            change(new CatalogChange.DeleteTopic(topic.uuid()), answer);
            return;
        }
        String options = command.text(2);
        DeleteIf condition =
                switch (options == null ? "?" : options) {
                    case "" -> DeleteIf.ANY;
                    case "unused" -> new DeleteIf(true, false);
                    case "empty" -> new DeleteIf(false, true);
                    case "unused&empty", "empty&unused" -> new DeleteIf(true, true);
                    default -> null;
                };
        if (condition == null) {
            fields.invalid("options=" + Names.shown(command.raw(2)) + " allowed=unused, empty, joined by &");
        } else {
            dialogue.await(dialogue.link.delete(topic, condition), ready -> answer + ":" + ready);
        }
    }

    private void createTopic(TextCommand command) {
        if (!fields.fits(command, 2, 3, "TOPIC:CREATE:<name>[:<k=v&k=v>]")) {
            return;
        }
        String name = fields.text(command, 1);
        Map<String, String> given = name == null ? null : fields.pairs(command, 2);
        if (name == null || given == null) {
            return;
        }
        Map<String, String> ofGroup = new LinkedHashMap<>(given);
        ofGroup.keySet().removeIf(key -> !GROUP_KEYS.contains(key));
        given.keySet().removeAll(GROUP_KEYS);
        TopicSettings settings = fields.granted(
                TopicSettings.parse(dialogue.environment.sessions().topicDefaults(), given));
        GroupSpec group = settings == null ? null : fields.granted(GroupSpec.parse(GroupSpec.DEFAULT, ofGroup));
        if (settings != null && group != null) {
            change(
                    new CatalogChange.CreateTopic(
                            dialogue.name(name),
                            dialogue.environment.uuids().get(),
                            settings,
                            ofGroup.isEmpty() ? null : group.settings(),
                            false),
                    "OK:TOPIC:CREATE:" + PercentCodec.encode(name));
        }
    }

    private void alterTopic(TextCommand command) {
        if (!fields.fits(command, 3, 3, "TOPIC:ALTER:<name>:<k=v&k=v>")) {
            return;
        }
        Topic topic = fields.topic(command, 1);
        Map<String, String> given = topic == null ? null : fields.pairs(command, 2);
        TopicSettings settings =
                topic == null || given == null ? null : fields.granted(TopicSettings.parse(topic.settings(), given));
        if (topic != null && settings != null) {
            change(
                    new CatalogChange.AlterTopic(topic.uuid(), settings, topic.settings()),
                    "OK:TOPIC:ALTER:" + encoded(topic));
        }
    }

    void group(TextCommand command) {
        String what = command.fieldCount == 0 ? "" : command.raw(0);
        switch (what) {
            case "LIST" -> {
                Topic topic = fields.fits(command, 2, 2, "GROUP:LIST:<topic>") ? fields.topic(command, 1) : null;
                if (topic != null) {
                    dialogue.awaitLarge(dialogue.link.describe(topic), Lists::groups);
                }
            }
            case "MEMBERS" -> members(command);
            case "CREATE" -> createGroup(command);
            case "ALTER" -> alterGroup(command);
            case "RESET" -> resetGroup(command);
            case "DELETE" -> deleteGroup(command);
            default -> fields.unknown(command, what);
        }
    }

    private void members(TextCommand command) {
        if (!fields.fits(command, 3, 3, "GROUP:MEMBERS:<topic>:<group>")) {
            return;
        }
        Topic topic = fields.topic(command, 1);
        GroupDef group = topic == null ? null : fields.group(topic, command, 2);
        if (topic != null && group != null) {
            dialogue.awaitLarge(admin().members(topic, group.name()), Lists::members);
        }
    }

    private BrokerAdmin admin() {
        return dialogue.environment.broker().admin(dialogue.link.identity());
    }

    /** SESSION. */
    void session(TextCommand command) {
        String what = command.fieldCount == 0 ? "" : command.raw(0);
        switch (what) {
            case "LIST" -> listSessions(command);
            case "CLOSE" -> closeSession(command);
            default -> fields.unknown(command, what);
        }
    }

    private void listSessions(TextCommand command) {
        if (!fields.fits(command, 1, 3, "SESSION:LIST[:<after>[:<n>]]")) {
            return;
        }
        long after = command.fieldCount > 1 ? command.number(1) : 0;
        long count = command.fieldCount > 2 ? command.number(2) : BrokerAdmin.SESSIONS_MAX;
        if (after < 0) {
            fields.invalid("after, allowed=0 or the number of a session");
        } else if (count < 1 || count > BrokerAdmin.SESSIONS_MAX) {
            fields.invalid("n, allowed=1 to " + BrokerAdmin.SESSIONS_MAX);
        } else {
            dialogue.awaitLarge(admin().sessions(after, (int) count), Lists::sessions);
        }
    }

    private void closeSession(TextCommand command) {
        if (!fields.fits(command, 2, 3, "SESSION:CLOSE:<session>[:<reason>]")) {
            return;
        }
        long session = command.number(1);
        String reason = command.fieldCount > 2 ? fields.text(command, 2) : "";
        if (session < 1) {
            fields.invalid("session, allowed=the number of one");
        } else if (reason != null) {
            dialogue.await(admin().close(session, reason), done -> "OK:SESSION:CLOSE:" + session);
        }
    }

    private void createGroup(TextCommand command) {
        if (!fields.fits(command, 3, 4, "GROUP:CREATE:<topic>:<group>[:<k=v&k=v>]")) {
            return;
        }
        Topic topic = fields.topic(command, 1);
        String name = topic == null ? null : fields.text(command, 2);
        Map<String, String> given = name == null ? null : fields.pairs(command, 3);
        GroupSpec spec = given == null ? null : fields.granted(GroupSpec.parse(newGroup(), given));
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
        return new GroupSpec(dialogue.environment.sessions().groupDefaults(), StartPosition.next());
    }

    private void alterGroup(TextCommand command) {
        if (!fields.fits(command, 4, 4, "GROUP:ALTER:<topic>:<group>:<k=v&k=v>")) {
            return;
        }
        Topic topic = fields.topic(command, 1);
        GroupDef group = topic == null ? null : fields.group(topic, command, 2);
        Map<String, String> given = group == null ? null : fields.pairs(command, 3);
        if (topic == null || group == null || given == null) {
            return;
        }
        if (given.containsKey("from")) {
            fields.invalid("from says where a group begins; GROUP:RESET moves one that is there");
            return;
        }
        GroupSpec spec = fields.granted(GroupSpec.parse(new GroupSpec(group.settings(), group.from()), given));
        if (spec != null) {
            GroupSettings settings = spec.settings();
            change(
                    new CatalogChange.AlterGroup(group.id(), settings, group.settings()),
                    "OK:GROUP:ALTER:" + names(topic, group));
        }
    }

    private void resetGroup(TextCommand command) {
        if (!fields.fits(command, 4, 4, "GROUP:RESET:<topic>:<group>:<from>")) {
            return;
        }
        Topic topic = fields.topic(command, 1);
        GroupDef group = topic == null ? null : fields.group(topic, command, 2);
        StartPosition from = group == null ? null : fields.from(command, 3);
        if (topic != null && group != null && from != null) {
            dialogue.await(
                    dialogue.link.resetGroup(topic, group.name(), from),
                    done -> "OK:GROUP:RESET:" + names(topic, group));
        }
    }

    private void deleteGroup(TextCommand command) {
        if (!fields.fits(command, 3, 3, "GROUP:DELETE:<topic>:<group>")) {
            return;
        }
        Topic topic = fields.topic(command, 1);
        GroupDef group = topic == null ? null : fields.group(topic, command, 2);
        if (topic != null && group != null) {
            change(new CatalogChange.DeleteGroup(group.id()), "OK:GROUP:DELETE:" + names(topic, group));
        }
    }

    void browse(TextCommand command) {
        if (!fields.fits(command, 3, 3, "BROWSE:<topic>:<from>:<n>")) {
            return;
        }
        Topic topic = fields.topic(command, 0);
        StartPosition from = topic == null ? null : fields.from(command, 1);
        long count = command.number(2);
        if (topic == null || from == null) {
            return;
        }
        if (count < 1 || count > BROWSE_MAX) {
            fields.invalid("n, allowed=1 to " + BROWSE_MAX);
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
        browsed.add(list);
        return Future.succeededFuture(list.answer(() -> letGo(list)));
    }

    private void letGo(BrowsedList list) {
        if (browsed.remove(list)) {
            dialogue.environment.buffers().browsing.letGo(list.arrays());
        }
    }

    /** Bytes that answers to BROWSE hold, until they are taken. */
    long browsedBytes() {
        long bytes = 0;
        for (BrowsedList list : browsed) {
            for (byte[] array : list.arrays()) {
                bytes += array.length;
            }
        }
        return bytes;
    }

    /** The session is over. */
    void close() {
        closed = true;
        List.copyOf(browsed).forEach(this::letGo);
    }

    private void change(CatalogChange change, String answer) {
        dialogue.await(dialogue.link.change(change), catalog -> answer);
    }

    private static String encoded(Topic topic) {
        return PercentCodec.encode(topic.name().name());
    }

    private static String names(Topic topic, GroupDef group) {
        return encoded(topic) + ":" + PercentCodec.encode(group.name());
    }
}
