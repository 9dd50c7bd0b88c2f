package dev.recado.core.topic;

import dev.recado.base.ErrorCode;
import dev.recado.base.Names;
import dev.recado.base.Outcome;
import dev.recado.base.Quantities;
import dev.recado.base.Refusal;
import dev.recado.core.group.GroupSettings;
import dev.recado.core.group.Strategy;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Reads settings as the text protocol writes them, one key and value at a time; the first that is wrong refuses all.
 * One use, one owner.
 */
final class SettingsText {

    private static final String TOPIC_KEYS = "kind, durability, partitions, retention.time, retention.bytes,"
            + " retention.force, limit.messages, limit.bytes, limit.message-bytes, overflow, ttl, priorities";
    private static final String GROUP_KEYS =
            "strategy, from, lease-ms, max-deliveries, back-off-ms, nack-counts, dead-letter, max-members";
    private static final String DURATIONS =
            "a duration up to 36500d such as 250ms, 30s, 12h or 7d, plain milliseconds or none";
    private static final String SHORT_DURATIONS =
            " to " + GroupSettings.DURATION_MAX_MS + " ms or a duration such as 250ms, 30s or 12h";
    private static final String SIZES = "a size up to 1024TiB such as 4096, 10k, 64MiB or 1GiB, or none";
    private static final String MESSAGE_SIZES =
            "1 to " + TopicSettings.MESSAGE_SET_MAX_BYTES + " bytes or a size such as 4096, 10k or 16MiB";
    private static final String NONE = "none";

    private final String key;
    private final String value;
    private @Nullable Refusal refusal;

    private SettingsText(Map.Entry<String, String> given) {
        key = given.getKey();
        value = given.getValue();
    }

    static Outcome<TopicSettings> topic(TopicSettings base, Map<String, String> given) {
        TopicSettings settings = base;
        for (Map.Entry<String, String> entry : given.entrySet()) {
            SettingsText text = new SettingsText(entry);
            TopicSettings next = text.applyTo(settings);
            if (text.refusal != null) {
                return new Outcome.Refused<>(text.refusal);
            }
            settings = next;
        }
        Refusal problem = settings.problem();
        return problem == null ? Outcome.of(settings) : new Outcome.Refused<>(problem);
    }

    static Outcome<GroupSpec> group(GroupSpec base, Map<String, String> given) {
        GroupSpec spec = base;
        for (Map.Entry<String, String> entry : given.entrySet()) {
            SettingsText text = new SettingsText(entry);
            GroupSpec next = text.applyTo(spec);
            if (text.refusal != null) {
                return new Outcome.Refused<>(text.refusal);
            }
            spec = next;
        }
        return Outcome.of(spec);
    }

    /** Longer than most: one line a key. */
    private TopicSettings applyTo(TopicSettings s) {
        TopicKind kind = s.kind();
        Durability durability = s.durability();
        int partitions = s.partitions();
        long retentionTimeMs = s.retentionTimeMs();
        long retentionBytes = s.retentionBytes();
        boolean retentionForce = s.retentionForce();
        long limitMessages = s.limitMessages();
        long limitBytes = s.limitBytes();
        int limitMessageBytes = s.limitMessageBytes();
        Overflow overflow = s.overflow();
        long ttlMs = s.ttlMs();
        int priorities = s.priorities();
        switch (key) {
            case "kind" -> kind = constant(TopicKind.values(), kind);
            case "durability" -> durability = constant(Durability.values(), durability);
            case "partitions" -> partitions = (int) number(1, TopicSettings.PARTITIONS_MAX);
            case "retention.time" -> retentionTimeMs = duration();
            case "retention.bytes" -> retentionBytes = size(-1);
            case "retention.force" -> retentionForce = flag();
            case "limit.messages" -> limitMessages = isNone() ? 0 : number(0, TopicSettings.MESSAGES_SET_MAX);
            case "limit.bytes" -> limitBytes = size(0);
            case "limit.message-bytes" -> limitMessageBytes = messageBytes();
            case "overflow" -> overflow = constant(Overflow.values(), overflow);
            case "ttl" -> ttlMs = neverIfZero(duration());
            case "priorities" -> priorities = (int) number(0, TopicSettings.PRIORITIES_SERVED);
            default -> unknown(TOPIC_KEYS);
        }
        return refusal != null
                ? s
                : new TopicSettings(
                        kind,
                        durability,
                        partitions,
                        retentionTimeMs,
                        retentionBytes,
                        retentionForce,
                        limitMessages,
                        limitBytes,
                        limitMessageBytes,
                        overflow,
                        ttlMs,
                        priorities);
    }

    private GroupSpec applyTo(GroupSpec spec) {
        GroupSettings s = spec.settings();
        StartPosition from = spec.from();
        Strategy strategy = s.strategy();
        long leaseMs = s.leaseMs();
        int maxDeliveries = s.maxDeliveries();
        long backOffMs = s.backOffMs();
        boolean nackCounts = s.nackCounts();
        int maxMembers = s.maxMembers();
        String deadLetter = s.deadLetter();
        switch (key) {
            case "strategy" -> strategy = strategy(strategy);
            case "from" -> from = position(from);
            case "lease-ms" -> leaseMs = lease();
            case "max-deliveries" -> maxDeliveries = (int) number(0, GroupSettings.MAX_DELIVERIES_MAX);
            case "back-off-ms" -> backOffMs = groupDuration();
            case "nack-counts" -> nackCounts = flag();
            case "dead-letter" -> deadLetter = deadLetter();
            case "max-members" -> maxMembers = (int) number(0, GroupSettings.MAX_MEMBERS_MAX);
            default -> unknown(GROUP_KEYS);
        }
        return refusal != null
                ? spec
                : new GroupSpec(
                        new GroupSettings(
                                strategy,
                                leaseMs,
                                maxDeliveries,
                                backOffMs,
                                s.backOffMaxMs(),
                                nackCounts,
                                maxMembers,
                                deadLetter),
                        from);
    }

    private <T extends WireNamed> T constant(T[] constants, T otherwise) {
        T found = WireNamed.find(constants, value);
        if (found == null) {
            invalid(WireNamed.names(constants));
            return otherwise;
        }
        return found;
    }

    private Strategy strategy(Strategy otherwise) {
        Strategy found = Strategy.of(value);
        if (found == null) {
            StringBuilder names = new StringBuilder();
            for (Strategy strategy : Strategy.values()) {
                names.append(names.isEmpty() ? "" : ", ").append(strategy.wireName());
            }
            invalid(names.toString());
            return otherwise;
        }
        return found;
    }

    private StartPosition position(StartPosition otherwise) {
        StartPosition found = StartPosition.parse(value);
        if (found == null) {
            invalid(StartPosition.ALLOWED);
            return otherwise;
        }
        return found;
    }

    private String deadLetter() {
        Refusal problem = value.isEmpty() ? null : Names.problem("topic", value);
        if (problem != null) {
            invalid("the name of a topic, or empty for none (" + problem.detail() + ")");
        }
        return value;
    }

    private long number(long min, long max) {
        long number = Quantities.number(value);
        if (number < min || number > max) {
            invalid("a number from " + min + " to " + max);
            return min;
        }
        return number;
    }

    private boolean flag() {
        if (!value.equals("true") && !value.equals("false")) {
            invalid("true, false");
        }
        return value.equals("true");
    }

    /** As in the configuration, 0 says that messages never expire. */
    private static long neverIfZero(long ms) {
        return ms == 0 ? -1 : ms;
    }

    private long duration() {
        if (isNone()) {
            return -1;
        }
        return bounded(Quantities.durationMs(value), TopicSettings.DURATION_SET_MAX_MS, DURATIONS);
    }

    private long groupDuration() {
        return bounded(Quantities.durationMs(value), GroupSettings.DURATION_MAX_MS, "0" + SHORT_DURATIONS);
    }

    private long lease() {
        long ms = Quantities.durationMs(value);
        boolean tooShort = ms > 0 && ms < GroupSettings.LEASE_MIN_MS;
        return bounded(
                tooShort ? Quantities.INVALID : ms,
                GroupSettings.DURATION_MAX_MS,
                "0 (as long as its holder stays) or " + GroupSettings.LEASE_MIN_MS + SHORT_DURATIONS);
    }

    private long size(long none) {
        if (isNone()) {
            return none;
        }
        return bounded(Quantities.sizeBytes(value), TopicSettings.SIZE_SET_MAX_BYTES, SIZES);
    }

    private int messageBytes() {
        long bytes = Quantities.sizeBytes(value);
        return (int)
                bounded(bytes == 0 ? Quantities.INVALID : bytes, TopicSettings.MESSAGE_SET_MAX_BYTES, MESSAGE_SIZES);
    }

    private long bounded(long quantity, long max, String allowed) {
        if (quantity == Quantities.INVALID || quantity > max) {
            invalid(allowed);
            return 0;
        }
        return quantity;
    }

    private boolean isNone() {
        return value.equals(NONE) || value.equals("-1");
    }

    private void invalid(String allowed) {
        refuse("key=" + key + " value=" + Names.shown(value) + " allowed=" + allowed);
    }

    private void unknown(String allowed) {
        refuse("unknown setting, key=" + Names.shown(key) + " allowed=" + allowed);
    }

    private void refuse(String detail) {
        refusal = Refusal.of(ErrorCode.INVALID_ARGUMENT, detail);
    }
}
