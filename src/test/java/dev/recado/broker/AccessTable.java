package dev.recado.broker;

import dev.recado.core.group.GroupSettings;
import dev.recado.core.topic.CatalogChange;
import dev.recado.core.topic.ExchangeSettings;
import dev.recado.core.topic.ExchangeType;
import dev.recado.core.topic.GroupKind;
import dev.recado.core.topic.StartPosition;
import dev.recado.core.topic.TopicKind;
import dev.recado.core.topic.TopicName;
import dev.recado.core.topic.TopicSettings;
import dev.recado.security.UserChange;
import dev.recado.security.UserDef;
import dev.recado.security.UserRole;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * What each operation of the broker needs, by each way to it: the table of decision 47. {@code orders}, {@code other}
 * and {@code fresh} stand for topics, the last not there yet, {@code news} and {@code flash} for exchanges likewise;
 * {@code news} leads to {@code orders}, which has the group {@code g}.
 */
final class AccessTable {

    /**
     * One way to an operation.
     *
     * @param method as in {@code Link.publish}
     * @param path what is special about it
     * @param needs rights, as in {@code publish orders}, whose last word is a pattern; {@code publish} alone: some
     *     right to publish; none: a login alone
     * @param attempt does it
     */
    record Row(String method, String path, List<String> needs, AccessScene.Attempt attempt) {

        @Override
        public String toString() {
            return method + (path.isEmpty() ? "" : " (" + path + ")") + " needs " + needs;
        }
    }

    /** Methods that ask nothing of the broker which could be refused, and why. */
    static final Map<String, Set<String>> FREE = Map.of(
            "its own session and what it has done itself",
            Set.of(
                    "Link.info",
                    "Link.introduce",
                    "Link.identity",
                    "Link.identify",
                    "Link.namespace",
                    "Link.inboxAddress",
                    "Link.replyDropped",
                    "Link.ackIgnored",
                    "Link.refuseParked",
                    "Link.hasParked",
                    "Link.begin",
                    "Link.inTransaction",
                    "Link.spoil",
                    "Link.commit",
                    "Link.rollback",
                    "Link.markDirty",
                    "Link.quit",
                    "Link.close"),
            "for the transport's own use, which asks isVisible for what it shows",
            Set.of("Link.catalog", "Broker.catalog"),
            "questions about rights and the node that transports ask for themselves",
            Set.of(
                    "Link.isAwaited",
                    "Broker.mayPublish",
                    "Broker.mayConsume",
                    "Broker.mayEnter",
                    "Broker.mayChange",
                    "Broker.isVisible",
                    "Broker.isLetIn",
                    "Broker.version",
                    "Broker.nodeId",
                    "Broker.ledger",
                    "Broker.shortage",
                    "Broker.inboxAddress",
                    "Broker.onSessionFailure"),
            "gives what is held against rights with each call",
            Set.of("Broker.open", "Broker.admin", "Link.enter"),
            "of a place that Link.subscribe gave: what was handed over is settled, nothing else is reached",
            Set.of(
                    "SubscriptionLink.topic",
                    "SubscriptionLink.group",
                    "SubscriptionLink.consumerId",
                    "SubscriptionLink.partitionCount",
                    "SubscriptionLink.ack",
                    "SubscriptionLink.ackAtOnce",
                    "SubscriptionLink.ackDurably",
                    "SubscriptionLink.nack",
                    "SubscriptionLink.nackAtOnce",
                    "SubscriptionLink.reject",
                    "SubscriptionLink.extend",
                    "SubscriptionLink.addCredit",
                    "SubscriptionLink.written",
                    "SubscriptionLink.pull",
                    "SubscriptionLink.want",
                    "SubscriptionLink.unwant",
                    "SubscriptionLink.wanted",
                    "SubscriptionLink.cease",
                    "SubscriptionLink.close",
                    "SubscriptionLink.attachment",
                    "SubscriptionLink.attach"));

    private static final String VERIFIER = "$argon2id$v=19$m=8,t=1,p=1$c2FsdHNhbHQ$aGFzaGhhc2hoYXNoaGFzaA";

    private AccessTable() {}

    static List<Row> rows() {
        List<Row> rows = new ArrayList<>(publishing());
        rows.addAll(consuming());
        rows.addAll(changes());
        rows.addAll(exchanges());
        rows.addAll(administration());
        return rows;
    }

    private static Row row(String method, String path, String needs, AccessScene.Attempt attempt) {
        return new Row(method, path, AccessNeeds.of(needs), attempt);
    }

    private static List<Row> publishing() {
        return List.of(
                row(
                        "Link.publish",
                        "",
                        "publish orders",
                        s -> s.at(link -> link.publish(s.topic("orders"), AccessScene.draft(), 0))),
                row("Link.publishNumbered", "", "publish orders", s -> {
                    s.later(link -> link.producer(s.name("p"), 1));
                    return s.at(
                            link -> link.publishNumbered(s.topic("orders"), AccessScene.draft(), 0, s.name("p"), 1));
                }),
                row(
                        "Link.publishThrough",
                        "an exchange, whatever it is bound to",
                        "publish news",
                        s -> s.at(link -> link.publishThrough(s.name("news"), "k", AccessScene.draft(), 0, null, 0))),
                row(
                        "Link.publishThrough",
                        "the default exchange",
                        "publish orders",
                        s -> s.at(link -> link.publishThrough("", s.name("orders"), AccessScene.draft(), 0, null, 0))),
                row(
                        "Link.publishThrough",
                        "an exchange by several keys",
                        "publish news",
                        s -> s.at(link -> link.publishThrough(
                                s.name("news"), List.of("k", "l"), AccessScene.draft(), 0, null, 0))),
                row(
                        "Link.publishThrough",
                        "the default exchange by several keys",
                        "publish orders, publish other",
                        s -> s.at(link -> link.publishThrough(
                                "", List.of(s.name("orders"), s.name("other")), AccessScene.draft(), 0, null, 0))),
                row(
                        "Link.request",
                        "",
                        "publish orders",
                        s -> s.at(link -> link.request(s.topic("orders"), AccessScene.draft(), 0, 1))),
                row("Link.reply", "to an address that was learned", "", AccessScene::reply),
                row("Link.nameInbox", "", "publish", s -> s.later(link -> link.nameInbox(s.name("inbox"), true))),
                row("Link.producer", "", "publish", s -> s.later(link -> link.producer(s.name("p"), 1))),
                row(
                        "Link.watchInterest",
                        "",
                        "publish orders",
                        s -> s.at(link -> link.watchInterest(s.topic("orders")))));
    }

    private static List<Row> consuming() {
        return List.of(
                row(
                        "Link.subscribe",
                        "GROUP, which makes the group",
                        "consume orders",
                        s -> s.subscribe(SubscribeSpec.Kind.GROUP, "orders")),
                row(
                        "Link.subscribe",
                        "READER",
                        "consume orders",
                        s -> s.subscribe(SubscribeSpec.Kind.READER, "orders")),
                row("Link.subscribe", "PULL", "consume orders", s -> s.subscribe(SubscribeSpec.Kind.PULL, "orders")),
                row("Link.subscribe", "TAP", "consume orders", s -> s.subscribe(SubscribeSpec.Kind.TAP, "orders")),
                row(
                        "Link.subscribe",
                        "PATTERN",
                        "consume orders*",
                        s -> s.later(link -> link.subscribe(new SubscribeSpec(
                                SubscribeSpec.Kind.PATTERN,
                                s.name("orders") + ".#",
                                null,
                                null,
                                1,
                                StartPosition.next())))),
                row(
                        "Link.browse",
                        "",
                        "browse orders",
                        s -> s.later(link -> link.browse(s.topic("orders"), StartPosition.first(), 1))),
                row("Link.describe", "", "monitor orders", s -> s.later(link -> link.describe(s.topic("orders")))),
                row("Link.use", "", "browse orders", s -> s.at(link -> link.use(s.topic("orders")))));
    }

    private static CatalogChange createTopic(AccessScene s) {
        return new CatalogChange.CreateTopic(
                TopicName.of(s.name("fresh")), UUID.randomUUID(), TopicSettings.DEFAULT, true);
    }

    private static GroupSettings to(String deadLetter) {
        return GroupSettings.DEFAULT.with(GroupSettings.DEAD_LETTER, deadLetter);
    }

    private static CatalogChange createQueue(AccessScene s, GroupSettings group) {
        TopicSettings queue = TopicSettings.DEFAULT.with(TopicSettings.KIND, TopicKind.QUEUE);
        return new CatalogChange.CreateTopic(TopicName.of(s.name("fresh")), UUID.randomUUID(), queue, group, false);
    }

    private static CatalogChange createGroup(AccessScene s, GroupSettings settings) {
        return new CatalogChange.CreateGroup(
                s.topic("orders").uuid(), "h", GroupKind.NAMED, settings, StartPosition.first(), 0, false);
    }

    private static List<Row> changes() {
        return List.of(
                change(
                        "CreateTopic, also where a publish or SUB makes it",
                        "configure fresh",
                        AccessTable::createTopic),
                change(
                        "CreateTopic of a queue whose group has a dead-letter topic of another name",
                        "configure fresh, consume fresh, publish other",
                        s -> createQueue(s, to(s.name("other")))),
                change(
                        "AlterTopic",
                        "configure orders",
                        s -> new CatalogChange.AlterTopic(
                                s.topic("orders").uuid(),
                                AccessScene.altered(s.topic("orders").settings()))),
                change(
                        "DeleteTopic",
                        "configure orders",
                        s -> new CatalogChange.DeleteTopic(s.topic("orders").uuid())),
                change("CreateGroup", "configure orders", s -> createGroup(s, GroupSettings.DEFAULT)),
                change(
                        "CreateGroup with a dead-letter topic of another name",
                        "configure orders, consume orders, publish other",
                        s -> createGroup(s, to(s.name("other")))),
                change("AlterGroup", "configure orders", s -> new CatalogChange.AlterGroup(s.group(), to(""))),
                change(
                        "AlterGroup to another dead-letter topic",
                        "configure orders, consume orders, publish other",
                        s -> new CatalogChange.AlterGroup(s.group(), to(s.name("other")))),
                change("DeleteGroup", "configure orders", s -> new CatalogChange.DeleteGroup(s.group())),
                row(
                        "Broker.change",
                        "without a session",
                        "configure fresh",
                        s -> s.broker((broker, identity) -> broker.change(createTopic(s), identity))));
    }

    private static List<Row> exchanges() {
        return List.of(
                change(
                        "CreateExchange",
                        "configure flash",
                        s -> new CatalogChange.CreateExchange(TopicName.of(s.name("flash")), ExchangeType.FANOUT)),
                change(
                        "CreateExchange with an alternate",
                        "configure flash, consume flash, publish news",
                        s -> new CatalogChange.CreateExchange(
                                TopicName.of(s.name("flash")),
                                ExchangeType.FANOUT,
                                ExchangeSettings.DEFAULT.with(ExchangeSettings.ALTERNATE, s.name("news")),
                                false)),
                change("CreateNamespace", "administer", s -> new CatalogChange.CreateNamespace(s.name("kiosk"))),
                change("DeleteNamespace", "administer", s -> new CatalogChange.DeleteNamespace(s.name("shop"), true)),
                change(
                        "ChangeUsers",
                        "administer",
                        s -> new CatalogChange.ChangeUsers(
                                new UserChange.Add(UserDef.of(s.name("eva"), VERIFIER, 1, UserRole.ADMINISTRATOR)))),
                change("EndTransientExchanges", "administer", s -> new CatalogChange.EndTransientExchanges()),
                change(
                        "DeleteExchange",
                        "configure news",
                        s -> new CatalogChange.DeleteExchange(TopicName.of(s.name("news")))),
                change(
                        "Bind",
                        "consume news, publish other",
                        s -> new CatalogChange.Bind(
                                TopicName.of(s.name("news")), s.topic("other").uuid(), "k", Map.of())),
                change(
                        "Unbind",
                        "consume news, publish orders",
                        s -> new CatalogChange.Unbind(
                                TopicName.of(s.name("news")), s.topic("orders").uuid(), "", Map.of())),
                change(
                        "Bind to an exchange",
                        "consume news, publish press",
                        s -> new CatalogChange.Bind(
                                TopicName.of(s.name("news")), toExchange(s, "press"), "k", Map.of())),
                change(
                        "Unbind from an exchange",
                        "consume news, publish press",
                        s -> new CatalogChange.Unbind(
                                TopicName.of(s.name("news")), toExchange(s, "press"), "", Map.of())));
    }

    private static CatalogChange.Target toExchange(AccessScene scene, String name) {
        return new CatalogChange.Target.ToExchange(TopicName.of(scene.name(name)));
    }

    /** A change of the catalog; the first word of {@code path} says of which kind. */
    private static Row change(String path, String needs, Function<AccessScene, CatalogChange> made) {
        return row("Link.change", path, needs, s -> s.later(link -> link.change(made.apply(s))));
    }

    private static List<Row> administration() {
        return List.of(
                row("Link.purge", "", "configure orders", s -> s.later(link -> link.purge(s.topic("orders")))),
                row(
                        "Link.purgeUnheld",
                        "",
                        "configure orders",
                        s -> s.later(link -> link.purgeUnheld(s.topic("orders")))),
                row(
                        "Link.delete",
                        "",
                        "configure orders",
                        s -> s.later(link -> link.delete(s.topic("orders"), DeleteIf.ANY))),
                row(
                        "Link.resetGroup",
                        "",
                        "configure orders",
                        s -> s.later(link -> link.resetGroup(s.topic("orders"), "g", StartPosition.first()))),
                row("Link.figures", "", "monitor", s -> s.later(Link::figures)),
                row("BrokerAdmin.sessions", "", "administer", s -> s.admin(admin -> admin.sessions(0, 10))),
                row("BrokerAdmin.close", "", "administer", s -> s.admin(admin -> admin.close(s.victim(), ""))),
                row("BrokerAdmin.figures", "", "monitor", s -> s.admin(BrokerAdmin::figures)),
                row("BrokerAdmin.users", "", "administer", s -> s.admin(BrokerAdmin::users)),
                row(
                        "BrokerAdmin.describe",
                        "",
                        "monitor orders",
                        s -> s.admin(admin -> admin.describe(s.topic("orders")))),
                row(
                        "BrokerAdmin.members",
                        "",
                        "monitor orders",
                        s -> s.admin(admin -> admin.members(s.topic("orders"), "g"))),
                row(
                        "BrokerAdmin.browse",
                        "",
                        "browse orders",
                        s -> s.admin(admin -> admin.browse(s.topic("orders"), StartPosition.first(), 1))),
                row("BrokerAdmin.purge", "", "configure orders", s -> s.admin(admin -> admin.purge(s.topic("orders")))),
                row(
                        "BrokerAdmin.resetGroup",
                        "",
                        "configure orders",
                        s -> s.admin(admin -> admin.resetGroup(s.topic("orders"), "g", StartPosition.first()))));
    }

    /** Every method of the interfaces through which the broker is reached. */
    static Stream<String> methods() {
        return Stream.of(Link.class, BrokerAdmin.class, Broker.class, SubscriptionLink.class)
                .flatMap(type -> Arrays.stream(type.getMethods())
                        .filter(method -> !method.isSynthetic())
                        .map(method -> type.getSimpleName() + "." + method.getName()))
                .distinct();
    }
}
