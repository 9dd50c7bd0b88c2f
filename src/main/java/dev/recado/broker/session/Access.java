package dev.recado.broker.session;

import dev.recado.base.BrokerException;
import dev.recado.base.ErrorCode;
import dev.recado.base.Names;
import dev.recado.base.Refusal;
import dev.recado.broker.SubscribeSpec;
import dev.recado.core.group.GroupSettings;
import dev.recado.core.topic.Catalog;
import dev.recado.core.topic.CatalogChange;
import dev.recado.core.topic.CatalogChange.AlterGroup;
import dev.recado.core.topic.CatalogChange.AlterTopic;
import dev.recado.core.topic.CatalogChange.Bind;
import dev.recado.core.topic.CatalogChange.ChangeUsers;
import dev.recado.core.topic.CatalogChange.CreateExchange;
import dev.recado.core.topic.CatalogChange.CreateGroup;
import dev.recado.core.topic.CatalogChange.CreateNamespace;
import dev.recado.core.topic.CatalogChange.CreateTopic;
import dev.recado.core.topic.CatalogChange.DeleteExchange;
import dev.recado.core.topic.CatalogChange.DeleteGroup;
import dev.recado.core.topic.CatalogChange.DeleteNamespace;
import dev.recado.core.topic.CatalogChange.DeleteTopic;
import dev.recado.core.topic.CatalogChange.EndTransientExchanges;
import dev.recado.core.topic.CatalogChange.Target;
import dev.recado.core.topic.CatalogChange.Unbind;
import dev.recado.core.topic.DeadLetterRoute;
import dev.recado.core.topic.GroupDef;
import dev.recado.core.topic.Topic;
import dev.recado.core.topic.TopicName;
import dev.recado.security.Credential;
import dev.recado.security.Identity;
import dev.recado.security.Operation;
import dev.recado.security.UserChange;
import io.vertx.core.Future;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What one identity may do: the only place that knows which right an operation of the broker needs. Each question is
 * answered by null, or by why not: NOT_AUTHORIZED with the right and the resource, NOT_AUTHENTICATED before a login.
 * One owner: what may be published to is remembered, so that a publish costs no comparison of names.
 */
public final class Access {

    /** Topics that are remembered, each at the place that the last bits of its number say. */
    private static final int REMEMBERED = 8;

    private static final Refusal NOBODY = Refusal.of(ErrorCode.NOT_AUTHENTICATED, "log in first");

    private final Identity identity;
    /** Nothing has to be asked. */
    private final boolean all;
    /** Numbers of topics, which begin at 1, that may be published to; made when there is one. */
    private int @Nullable [] published;

    public Access(Identity identity) {
        this.identity = identity;
        this.all = identity.rights().isAll();
    }

    /** Whether nothing has to be asked. */
    boolean isAll() {
        return all;
    }

    public Identity identity() {
        return identity;
    }

    /** Asks where nothing speaks against it. */
    public static <T> Future<T> asked(@Nullable Refusal refusal, Supplier<Future<T>> question) {
        return refusal == null ? question.get() : Future.failedFuture(BrokerException.of(refusal));
    }

    // --- publishing

    /** With every publish: one look where everything is given, else one at what is remembered. */
    public @Nullable Refusal publish(Topic topic) {
        return all || isRemembered(topic.id()) ? null : publishAnew(topic);
    }

    private boolean isRemembered(int topic) {
        int[] known = published;
        return known != null && known[topic & REMEMBERED - 1] == topic;
    }

    private @Nullable Refusal publishAnew(Topic topic) {
        Refusal refusal = mayPublish(topic.name());
        if (refusal == null) {
            int[] known = published;
            if (known == null) {
                known = new int[REMEMBERED];
                published = known;
            }
            known[topic.id() & REMEMBERED - 1] = topic.id();
        }
        return refusal;
    }

    /** Through the default exchange, whose name is empty, to the topic that {@code key} names. */
    public @Nullable Refusal publishThrough(String namespace, String exchange, String key) {
        if (all) {
            return null;
        }
        return exchange.isEmpty()
                ? need(Operation.PUBLISH, "topic", namespace, key)
                : need(Operation.PUBLISH, "exchange", namespace, exchange);
    }

    /** As before by several keys: each is asked for. */
    public @Nullable Refusal publishThrough(String namespace, String exchange, List<String> keys) {
        for (int i = 0; i < keys.size() && !all; i++) {
            Refusal refusal = publishThrough(namespace, exchange, keys.get(i));
            if (refusal != null || !exchange.isEmpty()) {
                return refusal;
            }
        }
        return all || !keys.isEmpty() ? null : known();
    }

    /** To the topic of that name, there or not. */
    public @Nullable Refusal mayPublish(TopicName topic) {
        return need(Operation.PUBLISH, "topic", topic);
    }

    /** To take an id that publishers have: their topics are not known yet. */
    public @Nullable Refusal claim(String what, String id) {
        return all || identity.rights().allowsAnywhere(Operation.PUBLISH)
                ? null
                : refuse(Operation.PUBLISH, what + "=" + Names.shown(id));
    }

    /** What needs nothing but a login. */
    public @Nullable Refusal known() {
        return identity.isKnown() ? null : NOBODY;
    }

    /** To work in the namespace of that name. */
    public @Nullable Refusal enter(String namespace, Catalog catalog) {
        if (!identity.isKnown()) {
            return NOBODY;
        }
        if (catalog.namespace(namespace) == null) {
            return Refusal.of(ErrorCode.NOT_FOUND, "namespace=" + Names.shown(namespace));
        }
        return all || identity.rights().reaches(namespace)
                ? null
                : Refusal.of(ErrorCode.NOT_AUTHORIZED, "no right in namespace=" + Names.shown(namespace));
    }

    // --- consuming

    public @Nullable Refusal subscribe(String namespace, SubscribeSpec spec) {
        if (spec.kind() != SubscribeSpec.Kind.PATTERN) {
            return mayConsume(new TopicName(namespace, spec.topic()));
        }
        return all || identity.rights().covers(Operation.CONSUME, namespace, spec.topic())
                ? null
                : refuse(Operation.CONSUME, "pattern=" + Names.shown(spec.topic()));
    }

    /** Of the topic of that name, there or not. */
    public @Nullable Refusal mayConsume(TopicName topic) {
        return need(Operation.CONSUME, "topic", topic);
    }

    public @Nullable Refusal browse(Topic topic) {
        return need(Operation.BROWSE, "topic", topic.name());
    }

    /** To see figures of a topic and its groups. */
    public @Nullable Refusal monitor(Topic topic) {
        return need(Operation.MONITOR, "topic", topic.name());
    }

    /** To see figures of the node. */
    public @Nullable Refusal monitor() {
        return all || identity.rights().allowsEverywhere(Operation.MONITOR) ? null : refuse(Operation.MONITOR, "node");
    }

    /** Whether a list may show the topic or exchange of that name: something may be done with it. */
    public boolean isVisible(TopicName name) {
        return all || allows(Operation.MONITOR, name);
    }

    // --- administration

    /** To move a group of a topic. */
    public @Nullable Refusal configure(Topic topic) {
        return configure("topic", topic.name());
    }

    /** To empty a topic: who may take every message of a queue may take them all at once. */
    public @Nullable Refusal purge(Topic topic) {
        return topic.isQueue() && (all || allows(Operation.CONSUME, topic.name())) ? null : configure(topic);
    }

    private @Nullable Refusal configure(String what, TopicName name) {
        return need(Operation.CONFIGURE, what, name);
    }

    /** To see and do what is about the node as a whole. */
    public @Nullable Refusal administer() {
        return all || identity.rights().allowsAnywhere(Operation.ADMINISTER)
                ? null
                : refuse(Operation.ADMINISTER, "node");
    }

    /** Whether it may end a session of {@code other} by taking its id: its own, or as an administrator may. */
    boolean mayReplace(Identity other) {
        return identity.user().equals(other.user()) || administer() == null;
    }

    /**
     * A change of the catalog as it is now. What {@code catalog} does not have is refused: nobody may name a topic or
     * group that is made between the question and the change.
     */
    public @Nullable Refusal change(CatalogChange change, Catalog catalog) {
        if (change instanceof ChangeUsers users) {
            return changeUsers(users.change());
        } else if (all) {
            return null;
        } else if (change instanceof CreateTopic create) {
            Refusal refusal = configure("topic", create.name());
            refusal = refusal != null || create.group() == null
                    ? refusal
                    : deadLetter(create.name(), create.group().deadLetter());
            return refusal != null
                    ? refusal
                    : deadLetters(create.name(), create.settings().deadLetters());
        } else if (change instanceof AlterTopic alter) {
            Topic topic = catalog.topic(alter.topic());
            Refusal refusal = configure(catalog, alter.topic());
            DeadLetterRoute route = alter.settings().deadLetters();
            boolean same =
                    topic == null || Objects.equals(route, topic.settings().deadLetters());
            return refusal != null || topic == null || same ? refusal : deadLetters(topic.name(), route);
        } else if (change instanceof DeleteTopic delete) {
            return configure(catalog, delete.topic());
        } else if (change instanceof CreateGroup create) {
            Refusal refusal = configure(catalog, create.topic());
            return refusal != null
                    ? refusal
                    : deadLetter(
                            nameOf(catalog.topic(create.topic())),
                            create.settings().deadLetter());
        } else if (change instanceof AlterGroup alter) {
            return alterGroup(alter, catalog);
        } else if (change instanceof DeleteGroup delete) {
            GroupDef group = catalog.group(delete.groupId());
            return group == null ? noGroup(delete.groupId()) : configure(catalog, group);
        } else if (change instanceof CreateExchange create) {
            return createExchange(create);
        } else if (isOfTheNode(change)) {
            return administer();
        } else if (change instanceof DeleteExchange delete) {
            return configure("exchange", delete.name());
        } else if (change instanceof Bind bind) {
            return bind(bind.exchange(), bind.target(), catalog);
        } else if (change instanceof Unbind unbind) {
            return bind(unbind.exchange(), unbind.target(), catalog);
        }
        return refuse(Operation.CONFIGURE, "change=" + change.getClass().getSimpleName());
    }

    /** Whoever came by a password may set another; only somebody at the stopped broker's directory lets nobody in. */
    private @Nullable Refusal changeUsers(UserChange change) {
        if (change instanceof UserChange.SetPassword set
                && identity.credential().kind() == Credential.Kind.PASSWORD
                && set.user().equals(identity.user())) {
            return null;
        }
        if (change instanceof UserChange.Remove remove
                && remove.evenLast()
                && identity.credential().kind() != Credential.Kind.NONE) {
            return Refusal.of(
                    ErrorCode.NOT_ALLOWED, "even-last is for a stopped broker: recado user remove --data DIR");
        }
        return administer();
    }

    private static boolean isOfTheNode(CatalogChange change) {
        return change instanceof EndTransientExchanges
                || change instanceof CreateNamespace
                || change instanceof DeleteNamespace;
    }

    private @Nullable Refusal configure(Catalog catalog, UUID uuid) {
        Topic topic = catalog.topic(uuid);
        return topic == null ? noTopic(uuid) : configure(topic);
    }

    private @Nullable Refusal configure(Catalog catalog, GroupDef group) {
        Topic topic = catalog.topic(group.topicId());
        return topic == null ? noGroup(group.id()) : configure(topic);
    }

    private @Nullable Refusal alterGroup(AlterGroup alter, Catalog catalog) {
        GroupDef group = catalog.group(alter.groupId());
        Refusal refusal = group == null ? noGroup(alter.groupId()) : configure(catalog, group);
        String deadLetter = alter.settings().deadLetter();
        GroupSettings seen = alter.seen() != null || group == null ? alter.seen() : group.settings();
        boolean same = seen != null && Objects.equals(deadLetter, seen.deadLetter());
        return refusal != null || group == null || same
                ? refusal
                : deadLetter(nameOf(catalog.topic(group.topicId())), deadLetter);
    }

    /**
     * A group publishes what it gives up to a topic that its settings name, for whoever has named it: who reads there
     * reads what is in the group's topic.
     */
    private @Nullable Refusal deadLetter(@Nullable TopicName of, @Nullable String named) {
        if (of == null || named == null || named.isEmpty()) {
            return null;
        }
        Refusal refusal = mayConsume(of);
        return refusal != null ? refusal : mayPublish(new TopicName(of.namespace(), named));
    }

    /** The same for a topic that names an exchange: the default one leads to the topic that is its key. */
    private @Nullable Refusal deadLetters(TopicName of, @Nullable DeadLetterRoute route) {
        if (route == null) {
            return null;
        }
        Refusal refusal = mayConsume(of);
        if (refusal != null) {
            return refusal;
        }
        if (!route.exchange().isEmpty()) {
            return need(Operation.PUBLISH, "exchange", new TopicName(of.namespace(), route.exchange()));
        }
        return route.key() == null ? administer() : mayPublish(new TopicName(of.namespace(), route.key()));
    }

    private static @Nullable TopicName nameOf(@Nullable Topic topic) {
        return topic == null ? null : topic.name();
    }

    /** What no binding matches is taken from the exchange and put into its alternate. */
    private @Nullable Refusal createExchange(CreateExchange create) {
        TopicName name = create.name();
        String alternate = create.settings().alternate();
        Refusal refusal = configure("exchange", name);
        return refusal != null || alternate.isEmpty()
                ? refusal
                : lead(name, "exchange", new TopicName(name.namespace(), alternate));
    }

    /** A binding takes from the exchange and puts into the topic or the other exchange; it goes as it came. */
    private @Nullable Refusal bind(TopicName exchange, Target target, Catalog catalog) {
        if (target instanceof Target.ToExchange to) {
            return lead(exchange, "exchange", to.exchange());
        }
        UUID uuid = ((Target.ToTopic) target).topic();
        Topic topic = catalog.topic(uuid);
        Refusal refusal = need(Operation.CONSUME, "exchange", exchange);
        if (refusal != null || topic == null) {
            return refusal != null ? refusal : noTopic(uuid);
        }
        return mayPublish(topic.name());
    }

    private @Nullable Refusal lead(TopicName from, String what, TopicName to) {
        Refusal refusal = need(Operation.CONSUME, "exchange", from);
        return refusal != null ? refusal : need(Operation.PUBLISH, what, to);
    }

    private Refusal noTopic(UUID uuid) {
        return identity.isKnown() ? Refusal.of(ErrorCode.TOPIC_NOT_FOUND, "topic=" + uuid) : NOBODY;
    }

    private Refusal noGroup(int id) {
        return identity.isKnown() ? Refusal.of(ErrorCode.GROUP_NOT_FOUND, "group=" + id) : NOBODY;
    }

    private boolean allows(Operation operation, TopicName name) {
        return identity.rights().allows(operation, name.namespace(), name.name());
    }

    private @Nullable Refusal need(Operation operation, String what, TopicName name) {
        return need(operation, what, name.namespace(), name.name());
    }

    private @Nullable Refusal need(Operation operation, String what, String namespace, String name) {
        if (all || identity.rights().allows(operation, namespace, name)) {
            return null;
        }
        String shown = new TopicName(namespace, Names.shown(name)).toString();
        return refuse(operation, what + "=" + shown);
    }

    private Refusal refuse(Operation operation, String resource) {
        return identity.isKnown()
                ? Refusal.of(ErrorCode.NOT_AUTHORIZED, "right=" + operation.word() + " " + resource)
                : NOBODY;
    }
}
