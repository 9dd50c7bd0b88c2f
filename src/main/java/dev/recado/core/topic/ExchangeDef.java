package dev.recado.core.topic;

import dev.recado.base.PersistentMap;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;

/**
 * An exchange with its bindings at one version of the catalog. Immutable, may cross threads; unchanged, it stays the
 * same object.
 */
public final class ExchangeDef {

    private final int id;
    private final TopicName name;
    private final ExchangeType type;
    private final ExchangeSettings settings;
    /** By target, see {@link Binding#target}. */
    private final PersistentMap<Integer, PersistentMap<Binding, Binding>> bindings;

    private final int bindingCount;
    private final int exchangeBindingCount;

    private ExchangeDef(
            ExchangeDef base, PersistentMap<Integer, PersistentMap<Binding, Binding>> bindings, int[] more) {
        id = base.id;
        name = base.name;
        type = base.type;
        settings = base.settings;
        this.bindings = bindings;
        bindingCount = base.bindingCount + more[0];
        exchangeBindingCount = base.exchangeBindingCount + more[1];
    }

    private ExchangeDef(int id, TopicName name, ExchangeType type, ExchangeSettings settings) {
        this.id = id;
        this.name = name;
        this.type = type;
        this.settings = settings;
        bindings = PersistentMap.empty();
        bindingCount = 0;
        exchangeBindingCount = 0;
    }

    static ExchangeDef create(int id, TopicName name, ExchangeType type, ExchangeSettings settings) {
        return new ExchangeDef(id, name, type, settings);
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

    public ExchangeSettings settings() {
        return settings;
    }

    public int bindingCount() {
        return bindingCount;
    }

    /** Of its bindings those that lead to exchanges. */
    public int exchangeBindingCount() {
        return exchangeBindingCount;
    }

    /** Whether it is one that goes with its last binding, and has none. */
    boolean endsUnbound() {
        return bindingCount == 0 && settings.isAutoDelete();
    }

    /** Gives the number of each exchange that it has bindings to. */
    void forEachExchange(IntConsumer exchangeId) {
        if (exchangeBindingCount > 0) {
            bindings.forEach((target, unused) -> {
                if (target < 0) {
                    exchangeId.accept(-target);
                }
            });
        }
    }

    /** A new list of all bindings by topic or exchange, then key; costs a sort. */
    public List<Binding> bindings() {
        List<Binding> all = new ArrayList<>(bindingCount);
        bindings.forEach((target, ofTarget) -> ofTarget.forEach((binding, same) -> all.add(binding)));
        Collections.sort(all);
        return all;
    }

    /** Whether there is such a binding. */
    public boolean has(Binding binding) {
        PersistentMap<Binding, Binding> ofTarget = bindings.get(binding.target());
        return ofTarget != null && ofTarget.contains(binding);
    }

    ExchangeDef with(Binding binding) {
        PersistentMap<Binding, Binding> ofTarget = bindings.get(binding.target());
        PersistentMap<Binding, Binding> changed =
                (ofTarget == null ? PersistentMap.<Binding, Binding>empty() : ofTarget).put(binding, binding);
        return withTarget(binding.target(), changed, ofTarget);
    }

    ExchangeDef without(Binding binding) {
        PersistentMap<Binding, Binding> ofTarget = bindings.get(binding.target());
        return ofTarget == null ? this : withTarget(binding.target(), ofTarget.remove(binding), ofTarget);
    }

    /** Without the bindings to a target; itself where it has none. */
    ExchangeDef withoutTarget(int target) {
        PersistentMap<Binding, Binding> ofTarget = bindings.get(target);
        return ofTarget == null ? this : withTarget(target, PersistentMap.empty(), ofTarget);
    }

    private ExchangeDef withTarget(
            int target, PersistentMap<Binding, Binding> changed, @Nullable PersistentMap<Binding, Binding> before) {
        int more = changed.size() - (before == null ? 0 : before.size());
        return new ExchangeDef(
                this,
                changed.isEmpty() ? bindings.remove(target) : bindings.put(target, changed),
                new int[] {more, target < 0 ? more : 0});
    }
}
