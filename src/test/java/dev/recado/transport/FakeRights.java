package dev.recado.transport;

import dev.recado.base.Refusal;
import dev.recado.broker.Broker;
import dev.recado.broker.session.Access;
import dev.recado.core.topic.CatalogChange;
import dev.recado.core.topic.TopicName;
import dev.recado.security.Identity;
import org.jspecify.annotations.Nullable;

/** The questions about rights, as a broker answers them whose users never change. */
abstract class FakeRights implements Broker {

    @Override
    public boolean isLetIn(Identity identity) {
        return true;
    }

    @Override
    public @Nullable Refusal mayPublish(Identity identity, TopicName topic) {
        return new Access(identity).mayPublish(topic);
    }

    @Override
    public @Nullable Refusal mayConsume(Identity identity, TopicName topic) {
        return new Access(identity).mayConsume(topic);
    }

    @Override
    public @Nullable Refusal mayEnter(Identity identity, String namespace) {
        return new Access(identity).enter(namespace, catalog());
    }

    @Override
    public @Nullable Refusal mayChange(Identity identity, CatalogChange change) {
        return new Access(identity).change(change, catalog());
    }

    @Override
    public boolean isVisible(Identity identity, TopicName name) {
        return new Access(identity).isVisible(name);
    }
}
