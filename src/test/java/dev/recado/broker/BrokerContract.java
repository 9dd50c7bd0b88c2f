package dev.recado.broker;

import dev.recado.core.group.GroupSettings;
import dev.recado.core.topic.CatalogChange;
import dev.recado.core.topic.GroupKind;
import dev.recado.core.topic.Overflow;
import dev.recado.core.topic.StartPosition;
import dev.recado.core.topic.Topic;
import dev.recado.core.topic.TopicName;
import dev.recado.core.topic.TopicSettings;
import dev.recado.node.NodeRig;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What the Javadoc of {@link Link}, {@link SubscriptionLink} and {@link SessionPort} promises, rule by rule, in the
 * interfaces beneath this one. The real broker keeps all of them, and the fakes of protocol tests those that they play.
 */
public interface BrokerContract {

    /** Longer than any back-off of a message that was given back a few times. */
    long BACK_OFF_MS = 1_000;

    ContractStage stage();

    default ContractSession open() {
        return open(0);
    }

    default ContractSession open(int loop) {
        return new ContractSession(stage(), loop, Patience.REFUSE);
    }

    /** A topic that is stored, of one partition and without limits. */
    default Topic log(String name) {
        return create(name, NodeRig.log(1, 0, Overflow.BLOCK));
    }

    default Topic create(String name, TopicSettings settings) {
        ContractSession session = open();
        UUID uuid = UUID.nameUUIDFromBytes(name.getBytes(StandardCharsets.UTF_8));
        session.ask(link -> link.change(new CatalogChange.CreateTopic(TopicName.of(name), uuid, settings, false)));
        session.run(Link::close);
        return topic(name);
    }

    /** Makes the group {@code g}. */
    default void createGroup(Topic topic, GroupSettings settings) {
        CatalogChange change = new CatalogChange.CreateGroup(
                topic.uuid(), "g", GroupKind.NAMED, settings, StartPosition.first(), 0, false);
        ContractSession session = open();
        session.ask(link -> link.change(change));
        session.run(Link::close);
    }

    /** As the catalog has it now. */
    default Topic topic(String name) {
        return Objects.requireNonNull(stage().broker().catalog().topic(TopicName.of(name)), name);
    }

    default void delete(Topic topic) {
        ContractSession session = open();
        session.ask(link -> link.change(new CatalogChange.DeleteTopic(topic.uuid())));
        session.run(Link::close);
    }

    /** A group {@code g} from the first message on, for a member that may hold {@code credit} messages. */
    static SubscribeSpec group(String topic, int credit) {
        return new SubscribeSpec(SubscribeSpec.Kind.GROUP, topic, "g", null, credit, StartPosition.first());
    }

    static SubscribeSpec pull(String topic, @Nullable String consumer) {
        return new SubscribeSpec(SubscribeSpec.Kind.PULL, topic, null, consumer, 1, StartPosition.first());
    }

    /** What a member that follows in the group {@code g} gets. */
    default List<String> gotByTheNext(String topic) {
        ContractSession next = open(1);
        next.subscribe(BrokerContract.group(topic, 100));
        stage().pass(BACK_OFF_MS);
        List<String> got = next.told("got");
        next.run(Link::close);
        return got;
    }

    /** The node's figures, as another session is told. */
    default NodeFigures figures() {
        ContractSession session = open();
        NodeFigures figures = session.ask(Link::figures);
        session.run(Link::close);
        return figures;
    }
}
