package dev.recado.shard;

import dev.recado.base.ErrorCode;
import dev.recado.base.Refusal;
import dev.recado.core.topic.GroupDef;
import org.jspecify.annotations.Nullable;

/**
 * A subscription wants to become a member of a group on one partition: plain data; {@link MemberPort#onJoined} or
 * {@link MemberPort#onNotJoined} answers, behind the commit of what the partition was given before.
 *
 * @param topic its name, for errors
 * @param counts whether this is the partition that bounds the members
 * @param reserved whether a place was reserved here
 */
public record Join(String topic, GroupDef group, boolean counts, boolean reserved, MemberTraits traits) {

    Refusal topicGone() {
        return Refusal.of(ErrorCode.TOPIC_NOT_FOUND, "topic=" + topic);
    }

    private Refusal groupGone() {
        return Refusal.of(ErrorCode.GROUP_NOT_FOUND, "group=" + group.name());
    }

    void applyTo(PartitionOwner owner, MemberPort from, Receipts session) {
        if (group.isReader() && owner.opening().readers().isFull()) {
            from.onNotJoined(
                    Refusal.of(ErrorCode.LIMIT_REACHED, "readers of topic=" + topic + " allowed=" + Readers.OPEN_MAX));
            return;
        }
        owner.opening().whenOpen(group, open -> {
            Refusal refusal = open == null ? groupGone() : refusal(owner, open);
            if (open == null || refusal != null) {
                refuse(owner, open, from, refusal == null ? groupGone() : refusal);
            } else {
                owner.whenCommitted(owner.nextOffset(), () -> take(owner, open, from, session));
            }
        });
    }

    private static void refuse(PartitionOwner owner, @Nullable GroupOwner open, MemberPort from, Refusal why) {
        if (open != null && open.def().isReader()) {
            owner.endReader(open);
        }
        from.onNotJoined(why);
    }

    private @Nullable Refusal refusal(PartitionOwner owner, GroupOwner open) {
        if (owner.damaged()) {
            return Refusal.of(ErrorCode.DAMAGED, "topic=" + topic + " run recado repair");
        }
        if (!counts) {
            return null;
        }
        int others = open.taken() - (reserved ? 1 : 0);
        if (others > 0 && (traits.exclusive() || open.isExclusive() && !traits.pulls())) {
            String why = open.isExclusive() ? " one is exclusive" : " exclusive was asked for";
            return Refusal.of(ErrorCode.IN_USE, "group=" + group.name() + " members=" + others + why);
        }
        int max = open.def().settings().maxMembers();
        boolean full = !reserved && max > 0 && others >= max;
        return full
                ? Refusal.of(ErrorCode.GROUP_FULL, "group=" + group.name() + " members=" + others + " max=" + max)
                : null;
    }

    private void take(PartitionOwner owner, GroupOwner open, MemberPort from, Receipts session) {
        if (owner.closing() || owner.group(open.def().id()) != open) {
            from.onNotJoined(groupGone());
            return;
        }
        Refusal meanwhile = owner.opening().isShut() ? topicGone() : refusal(owner, open);
        if (meanwhile != null) {
            refuse(owner, open, from, meanwhile);
            return;
        }
        if (reserved) {
            open.reserve(-1);
        }
        Door door = owner.opening().ownDoor();
        if (door != null) {
            door.lifespan().onJoined(traits.pulls());
        }
        from.onJoined(owner.partition().index(), open.join(from, session, traits));
    }
}
