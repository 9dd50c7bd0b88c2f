package dev.recado.core.topic;

import dev.recado.base.PersistentMap;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An exchange with its bindings at one version of the catalog. Immutable, may cross threads; unchanged, it stays the
 * same object.
 */
public final class ExchangeDef {

    private final int id;
    private final TopicName name;
    private final ExchangeType type;
    private final PersistentMap<Integer, PersistentMap<Binding, Binding>> bindingsByTopic;
    private final int bindingCount;

    private ExchangeDef(
            int id,
            TopicName name,
            ExchangeType type,
            PersistentMap<Integer, PersistentMap<Binding, Binding>> bindingsByTopic,
            int bindingCount) {
        this.id = id;
        this.name = name;
        this.type = type;
        this.bindingsByTopic = bindingsByTopic;
        this.bindingCount = bindingCount;
    }

    static ExchangeDef create(int id, TopicName name, ExchangeType type) {
        return new ExchangeDef(id, name, type, PersistentMap.empty(), 0);
    }

    /** Unique in the cluster, from 1, never reused. */
    public int id() {
        return id;
    }

    public TopicName name() {
        return name;
    }

    public ExchangeType type() {
        return type;
    }

    public int bindingCount() {
        return bindingCount;
    }

    /** A new list of all bindings by topic, then key; costs a sort. */
    public List<Binding> bindings() {
        List<Binding> all = new ArrayList<>(bindingCount);
        bindingsByTopic.forEach((topicId, bindings) -> bindings.forEach((binding, same) -> all.add(binding)));
        Collections.sort(all);
        return all;
    }

    boolean has(Binding binding) {
        PersistentMap<Binding, Binding> ofTopic = bindingsByTopic.get(binding.topicId());
        return ofTopic != null && ofTopic.contains(binding);
    }

    ExchangeDef with(Binding binding) {
        PersistentMap<Binding, Binding> ofTopic = bindingsByTopic.get(binding.topicId());
        PersistentMap<Binding, Binding> changed =
                (ofTopic == null ? PersistentMap.<Binding, Binding>empty() : ofTopic).put(binding, binding);
        return withTopic(binding.topicId(), changed, ofTopic);
    }

    ExchangeDef without(Binding binding) {
        PersistentMap<Binding, Binding> ofTopic = bindingsByTopic.get(binding.topicId());
        return ofTopic == null ? this : withTopic(binding.topicId(), ofTopic.remove(binding), ofTopic);
    }

    /** Without the bindings to a topic; itself where it has none. */
    ExchangeDef withoutTopic(int topicId) {
        PersistentMap<Binding, Binding> ofTopic = bindingsByTopic.get(topicId);
        return ofTopic == null ? this : withTopic(topicId, PersistentMap.empty(), ofTopic);
    }

    private ExchangeDef withTopic(
            int topicId, PersistentMap<Binding, Binding> changed, @Nullable PersistentMap<Binding, Binding> before) {
        PersistentMap<Integer, PersistentMap<Binding, Binding>> all =
                changed.isEmpty() ? bindingsByTopic.remove(topicId) : bindingsByTopic.put(topicId, changed);
        int count = bindingCount + changed.size() - (before == null ? 0 : before.size());
        return new ExchangeDef(id, name, type, all, count);
    }
}
