package dev.recado.core.topic;

import dev.recado.base.ByteReader;
import dev.recado.base.ByteWriter;
import dev.recado.base.Names;
import dev.recado.base.Outcome;
import dev.recado.base.Setting;
import dev.recado.base.SettingKey;
import dev.recado.base.SettingSet;
import dev.recado.base.StoredSettings;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What can be set about an exchange when it is made. Immutable. Each setting is declared here once, in {@link #KEYS};
 * what reads, writes, stores, compares or explains settings goes by that table.
 */
public final class ExchangeSettings {

    /** Whether only other exchanges lead to it. */
    public static final SettingKey<Boolean> INTERNAL = SettingKey.ofFlag(
                    "internal", false, "Whether only other exchanges lead to it: nobody publishes through it")
            .fixed();

    /** Whether it ends with its last binding. */
    public static final SettingKey<Boolean> AUTO_DELETE = SettingKey.ofFlag(
                    "auto-delete", false, "Whether it ends when its last binding, once it had one, is gone")
            .fixed();

    /** Name of the exchange for what none of its bindings matches, empty for none. */
    public static final SettingKey<String> ALTERNATE = SettingKey.ofString(
                    Setting.text(
                            "alternate",
                            "",
                            0,
                            Names.BYTES_MAX,
                            "The exchange through which a message goes that no binding matches, which need not be"
                                    + " there yet; empty, or while there is none: it goes nowhere"),
                    "",
                    text -> text.isEmpty() || Names.problem("exchange", text) == null ? text : null)
            .allowing("the name of an exchange (1 to 255 bytes, no $ in front) or empty")
            .fixed();

    /** Whether it survives the next start of the node. */
    public static final SettingKey<Boolean> DURABLE = SettingKey.ofFlag(
                    "durable", true, "Whether it stays when the broker is started again, with its bindings")
            .fixed();

    /** All, in the order in which people read them. */
    public static final List<SettingKey<?>> KEYS = List.of(INTERNAL, AUTO_DELETE, ALTERNATE, DURABLE);

    /** All, in the order in which they are stored, which never changes; those of the start are always stored. */
    private static final StoredSettings STORED =
            new StoredSettings(4, List.of(INTERNAL, AUTO_DELETE, DURABLE, ALTERNATE));

    public static final ExchangeSettings DEFAULT = new ExchangeSettings(SettingSet.standard(KEYS));

    private final SettingSet values;

    private ExchangeSettings(SettingSet values) {
        this.values = values;
    }

    /** {@code base} changed by names and values, or a refusal that names key, value and what is allowed. */
    public static Outcome<ExchangeSettings> parse(ExchangeSettings base, Map<String, String> given) {
        Outcome<SettingSet> parsed = base.values.parsed(given);
        return parsed instanceof Outcome.Granted<SettingSet> granted
                ? Outcome.of(new ExchangeSettings(granted.value()))
                : new Outcome.Refused<>(((Outcome.Refused<SettingSet>) parsed).refusal());
    }

    /** The same with another value of one setting. */
    public <T> ExchangeSettings with(SettingKey<T> key, T value) {
        return new ExchangeSettings(values.with(key, value));
    }

    /** Version-less: the record that holds it carries the version. */
    public void encode(ByteWriter out) {
        STORED.encode(values, out);
    }

    /** Reads what {@link #encode} wrote; anything else turns {@code in.failed()} on. */
    public static ExchangeSettings decode(ByteReader in) {
        SettingSet read = STORED.decode(DEFAULT.values, in);
        // Most exchanges have these: one object for all of them.
        return read.equals(DEFAULT.values) ? DEFAULT : new ExchangeSettings(read);
    }

    /** The value of every key of {@link #KEYS}. */
    public SettingSet values() {
        return values;
    }

    public boolean isInternal() {
        return values.get(INTERNAL);
    }

    public boolean isAutoDelete() {
        return values.get(AUTO_DELETE);
    }

    public boolean isDurable() {
        return values.get(DURABLE);
    }

    /** In the namespace of the exchange; empty for none. */
    public String alternate() {
        return values.get(ALTERNATE);
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof ExchangeSettings settings && values.equals(settings.values);
    }

    @Override
    public int hashCode() {
        return values.hashCode();
    }

    @Override
    public String toString() {
        return values.toString();
    }
}
