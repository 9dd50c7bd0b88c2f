package dev.recado.node;

import dev.recado.base.ErrorCode;
import dev.recado.base.Names;
import dev.recado.base.Refusal;
import dev.recado.broker.session.BrokerSettings;
import dev.recado.core.group.GroupSettings;
import dev.recado.core.topic.Catalog;
import dev.recado.core.topic.CatalogChange;
import dev.recado.core.topic.DeadLetterName;
import dev.recado.core.topic.GroupDef;
import dev.recado.core.topic.Topic;
import dev.recado.core.topic.TopicSettings;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What a catalog may hold, as earlier versions let it in, and nobody may bring into it any more. Asked before a change
 * is proposed, never of one that the log holds.
 */
final class NewNames {

    private NewNames() {}

    /** {@code before} is the catalog that the change is for. */
    static @Nullable Refusal problem(CatalogChange change, Catalog before, BrokerSettings settings) {
        if (change instanceof CatalogChange.CreateTopic create) {
            Refusal problem = problemOfName(create.name().name(), settings);
            if (problem == null && create.group() != null) {
                problem = problemOfDeadLetter(create.name().name(), create.group());
            }
            return problem == null ? problemOfLimit(create.settings()) : problem;
        }
        if (change instanceof CatalogChange.CreateGroup create) {
            return problemOfDeadLetter(before.topic(create.topic()), create.settings());
        }
        if (change instanceof CatalogChange.AlterGroup alter) {
            return problemOfAlteration(alter.settings(), before.group(alter.groupId()), before);
        }
        return change instanceof CatalogChange.AlterTopic alter ? problemOfLimit(alter.settings()) : null;
    }

    /** What the group has already it may keep. */
    private static @Nullable Refusal problemOfAlteration(
            GroupSettings settings, @Nullable GroupDef group, Catalog before) {
        return group == null || Objects.equals(group.settings().deadLetter(), settings.deadLetter())
                ? null
                : problemOfDeadLetter(before.topic(group.topicId()), settings);
    }

    private static @Nullable Refusal problemOfDeadLetter(@Nullable Topic topic, GroupSettings settings) {
        return topic == null ? null : problemOfDeadLetter(topic.name().name(), settings);
    }

    private static @Nullable Refusal problemOfDeadLetter(String topic, GroupSettings settings) {
        return DeadLetterName.isLoop(settings, topic)
                ? invalid("dead-letter names the topic of its group, which would get its dead letters back for ever:"
                        + " name another topic, or leave it empty for none, dead-letter="
                        + Names.shown(topic))
                : null;
    }

    /** A dead-letter topic itself may be longer: its own dead letters go to a shortened name. */
    private static @Nullable Refusal problemOfName(String name, BrokerSettings settings) {
        boolean needsRoom = settings.defaults().group().deadLetter() == null && !DeadLetterName.isOne(name);
        return needsRoom && Names.isLongerThan(name, DeadLetterName.TOPIC_BYTES_MAX)
                ? invalid("topic name is longer than " + DeadLetterName.TOPIC_BYTES_MAX
                        + " bytes, so that no room is left for " + DeadLetterName.SUFFIX + ", topic="
                        + Names.shown(name))
                : null;
    }

    private static @Nullable Refusal problemOfLimit(TopicSettings settings) {
        return settings.limitMessages() > 0 && settings.limitMessages() < settings.partitions()
                ? invalid("limit.messages is shared by the partitions, each needs one at least, limit.messages="
                        + settings.limitMessages() + " partitions=" + settings.partitions())
                : null;
    }

    private static Refusal invalid(String detail) {
        return Refusal.of(ErrorCode.INVALID_ARGUMENT, detail);
    }
}
