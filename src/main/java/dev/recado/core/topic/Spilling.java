package dev.recado.core.topic;

import dev.recado.base.ErrorCode;
import dev.recado.base.Refusal;
import dev.recado.base.SettingKey;
import org.jspecify.annotations.Nullable;

/** A topic in memory that goes on on the disk where memory is short. */
public final class Spilling {

    public static final SettingKey<Boolean> KEY = SettingKey.ofFlag(
            "spill",
            false,
            "Whether a topic with `durability=memory` goes on on the disk where its share of memory is nearly used"
                    + " up; what is there ends with the broker too");

    private Spilling() {}

    public static boolean isOf(TopicSettings settings) {
        return settings.values().get(KEY);
    }

    /** Says why no topic can have these settings, or null. */
    static @Nullable Refusal problem(TopicSettings settings) {
        return isOf(settings) && settings.durability() != Durability.MEMORY
                ? Refusal.of(
                        ErrorCode.INVALID_ARGUMENT,
                        "only a topic with durability=memory spills, key=" + KEY.name() + " value=true")
                : null;
    }
}
