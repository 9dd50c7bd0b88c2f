package dev.recado.broker.session;

import dev.recado.base.BrokerException;
import dev.recado.base.ErrorCode;
import dev.recado.base.Refusal;
import dev.recado.broker.SubscribeSpec;
import dev.recado.broker.SubscriptionLink;
import dev.recado.core.group.GroupSettings;
import dev.recado.core.topic.CatalogChange;
import dev.recado.core.topic.GroupDef;
import dev.recado.core.topic.GroupKind;
import dev.recado.core.topic.Partition;
import dev.recado.core.topic.StartPosition;
import dev.recado.core.topic.Topic;
import dev.recado.core.topic.TopicKind;
import dev.recado.core.topic.TopicName;
import dev.recado.shard.AutomaticGroups;
import dev.recado.shard.Join;
import dev.recado.shard.MemberId;
import dev.recado.shard.PartitionAnswer;
import dev.recado.shard.PartitionCommand;
import dev.recado.shard.PatternQueue;
import dev.recado.shard.ShardCommand;
import dev.recado.shard.ShardPort;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * One subscription on its way: finds or makes the group, takes the consumer's id, and joins every partition in turn,
 * partition 0 first, because its owner numbers automatic groups and orders the members. Owned by the session's loop.
 */
final class Joining {

    private final LoopLink link;
    private final SubscribeSpec spec;
    private final LoopSubscription subscription;
    private final Promise<SubscriptionLink> done = Promise.promise();
    private @Nullable Partition reservedAt;
    private String reservedGroup = "";
    /** What is joined, partition by partition. */
    private @Nullable Target target;

    private record Target(Topic topic, GroupDef group) {}

    Joining(LoopLink link, SubscribeSpec spec) {
        this.link = link;
        this.spec = spec;
        this.subscription = new LoopSubscription(link, spec);
        subscription.joining(this);
    }

    Future<SubscriptionLink> start() {
        link.loop().sealAll();
        if (spec.kind() == SubscribeSpec.Kind.PATTERN) {
            joinPattern();
            return done.future();
        }
        Topic topic = topic();
        if (topic == null) {
            fail(Refusal.of(ErrorCode.TOPIC_NOT_FOUND, "topic=" + spec.topic()));
            return done.future();
        }
        subscription.partitionCount(topic.partitionCount());
        if (spec.kind() == SubscribeSpec.Kind.TAP) {
            joinTap(topic, 0);
        } else if (spec.kind() == SubscribeSpec.Kind.READER) {
            joinAlone(topic);
        } else {
            chooseGroup(topic);
        }
        return done.future();
    }

    private @Nullable Topic topic() {
        return link.catalog().topic(new TopicName(link.record().namespace(), spec.topic()));
    }

    /** It cannot be. */
    void fail(Refusal refusal) {
        subscription.close();
        releaseReserved();
        done.tryFail(BrokerException.of(refusal));
    }

    /** A place that was reserved in an automatic group and not taken is given back. */
    private void releaseReserved() {
        Partition partition = reservedAt;
        if (partition == null) {
            return;
        }
        reservedAt = null;
        PartitionCommand unreserve = new PartitionCommand.Unreserve(reservedGroup);
        shard(partition).tell(new ShardCommand.ToPartition(partition, unreserve));
    }

    private void joinPattern() {
        int loop = link.loop().index();
        PatternQueue queue = link.sessions().patterns().open(link.record().namespace(), spec.topic(), loop);
        subscription.seat(link.node().memoryShard(loop), queue.join(subscription, link, subscription.traits()));
        subscription.onClose(() -> link.sessions().patterns().close(queue));
        complete();
    }

    private void joinTap(Topic topic, int index) {
        if (index == topic.partitionCount()) {
            subscription.taps().beginWish(topic);
            complete();
            return;
        }
        Partition partition = topic.partition(index);
        link.asks().ask(partition, new PartitionCommand.AddTap(link.loop().index()), answer -> {
            if (answer instanceof PartitionAnswer.Value from) {
                addTap(partition, from.value());
                if (subscription.closed()) {
                    subscription.taps().close();
                    fail(endedMeanwhile());
                } else {
                    joinTap(topic, index + 1);
                }
            } else {
                fail(Refusal.of(ErrorCode.TOPIC_NOT_FOUND, "topic=" + spec.topic()));
            }
        });
    }

    private void addTap(Partition partition, long from) {
        Loop loop = link.loop();
        ShardPort owner = shard(partition);
        TapHub hub = loop.taps()
                .computeIfAbsent(
                        partition.id(),
                        unused -> new TapHub(loop.index(), loop.tapShare(), loop.taps(), partition, owner));
        Tap tap = new Tap(
                subscription.taps(),
                spec.slowTap(),
                hub,
                link.node().settings(),
                from,
                link.node().time().monotonicMs());
        hub.add(tap);
        subscription.taps().add(tap);
    }

    private void joinAlone(Topic topic) {
        if (topic.settings().kind() == TopicKind.QUEUE) {
            fail(Refusal.of(ErrorCode.INVALID_ARGUMENT, "topic=" + spec.topic() + " nobody reads a queue alone"));
            return;
        }
        subscription.group(GroupDef.READER);
        joinPartition(
                topic,
                GroupDef.reader(topic.id(), spec.from(), link.node().time().wallMs()),
                0);
    }

    private void chooseGroup(Topic topic) {
        String wanted = spec.group();
        String id = spec.consumerId();
        if (topic.settings().kind() == TopicKind.QUEUE) {
            if (wanted != null && !wanted.equals(GroupDef.QUEUE)) {
                fail(Refusal.of(
                        ErrorCode.INVALID_ARGUMENT, "group=" + wanted + " a queue's only group is " + GroupDef.QUEUE));
                return;
            }
            String unnamed = wanted == null ? freshId(0) : "";
            claim(topic, GroupDef.QUEUE, GroupKind.NAMED, id != null ? id : unnamed);
        } else if (wanted != null) {
            claim(topic, wanted, GroupKind.NAMED, id != null ? id : "");
        } else if (id == null) {
            pickAutomatic(topic);
        } else {
            int number = AutomaticGroups.numberOf(id);
            String group = number > 0 ? AutomaticGroups.name(number) : id;
            claim(topic, group, number > 0 ? GroupKind.AUTOMATIC : GroupKind.PRIVATE, id);
        }
    }

    private String freshId(int number) {
        return AutomaticGroups.consumerId(number, link.node().chance().nextLong());
    }

    private void pickAutomatic(Topic topic) {
        Partition partition = topic.partition(0);
        link.asks().ask(partition, new PartitionCommand.PickAutomatic(), answer -> {
            int number = answer instanceof PartitionAnswer.Value picked ? (int) picked.value() : 1;
            reservedAt = partition;
            reservedGroup = AutomaticGroups.name(number);
            claim(topic, AutomaticGroups.name(number), GroupKind.AUTOMATIC, freshId(number));
        });
    }

    private void claim(Topic topic, String group, GroupKind kind, String id) {
        if (link.closed()) {
            fail(Refusal.of(ErrorCode.STOPPING, "the session has ended"));
            return;
        }
        subscription.group(group);
        if (spec.kind() != SubscribeSpec.Kind.PULL || id.isEmpty()) {
            findGroup(topic, group, kind);
        } else {
            subscription.consumerId(id);
            String key = Registry.key("consumer", topic.name().namespace(), id);
            Registry registry = link.sessions().registry();
            Runnable onDone = () -> {
                subscription.onClose(() -> registry.giveBack(key, link));
                findGroup(topic, group, kind);
            };
            registry.claim(key, link, onDone, this::fail);
        }
    }

    private void findGroup(Topic topic, String group, GroupKind kind) {
        GroupDef def = topic.group(group);
        if (def != null) {
            joinPartition(topic, def, 0);
            return;
        }
        GroupSettings base = link.node().settings().defaults().group();
        GroupSettings settings = kind == GroupKind.AUTOMATIC
                ? base.with(GroupSettings.MAX_MEMBERS, link.node().settings().groupMembersMax())
                : base;
        StartPosition from = spec.kind() == SubscribeSpec.Kind.PULL ? StartPosition.first() : spec.from();
        CatalogChange change = new CatalogChange.CreateGroup(
                topic.uuid(), group, kind, settings, from, link.node().time().wallMs(), true);
        link.node().change(change, link.loop(), (catalog, refusal) -> {
            Topic now = catalog.topic(topic.id());
            GroupDef made = now == null ? null : now.group(group);
            if (refusal != null) {
                fail(refusal);
            } else if (now == null) {
                fail(Refusal.of(ErrorCode.TOPIC_NOT_FOUND, "topic=" + spec.topic()));
            } else if (made == null) {
                fail(Refusal.of(ErrorCode.GROUP_NOT_FOUND, "group=" + group)); // it was deleted at once
            } else {
                joinPartition(now, made, 0);
            }
        });
    }

    private void joinPartition(Topic topic, GroupDef def, int index) {
        if (index == topic.partitionCount()) {
            complete();
            return;
        }
        Partition partition = topic.partition(index);
        boolean first = index == 0;
        Join join = new Join(spec.topic(), def, first, first && reservedAt != null, subscription.traits());
        target = new Target(topic, def);
        shard(partition).tell(new ShardCommand.ToJoin(partition, subscription, link, join));
    }

    private ShardPort shard(Partition partition) {
        return link.node().shard(partition.shard());
    }

    /** A partition let the subscription in: the next one is asked. */
    void onJoined(int partitionIndex, MemberId member) {
        Target joined = Objects.requireNonNull(target, "nothing was asked");
        reservedAt = null;
        subscription.seat(shard(joined.topic().partition(partitionIndex)), member);
        if (subscription.closed()) {
            fail(endedMeanwhile());
        } else {
            joinPartition(joined.topic(), joined.group(), partitionIndex + 1);
        }
    }

    /** It ended at a partition that was joined already. */
    private Refusal endedMeanwhile() {
        Topic topic = topic();
        if (topic == null) {
            return Refusal.of(ErrorCode.TOPIC_NOT_FOUND, "topic=" + spec.topic());
        }
        return target != null && spec.kind() != SubscribeSpec.Kind.READER && topic.group(subscription.group()) == null
                ? Refusal.of(ErrorCode.GROUP_NOT_FOUND, "group=" + subscription.group())
                : Refusal.of(ErrorCode.NOT_FOUND, "the subscription ended at once, topic=" + spec.topic());
    }

    private void complete() {
        if (link.closed()) {
            subscription.close();
            fail(Refusal.of(ErrorCode.STOPPING, "the session has ended"));
            return;
        }
        if (subscription.closed()) {
            fail(endedMeanwhile());
            return;
        }
        link.subscriptions().add(subscription);
        subscription.begin();
        done.tryComplete(subscription.face());
        if (spec.kind() != SubscribeSpec.Kind.TAP && spec.kind() != SubscribeSpec.Kind.PULL) {
            int atLeast = spec.spending() ? 0 : subscription.partitionCount();
            subscription.addCredit(Math.max(spec.credit(), atLeast));
        }
    }
}
