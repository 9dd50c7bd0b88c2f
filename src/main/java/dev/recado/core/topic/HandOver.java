package dev.recado.core.topic;

import dev.recado.base.ErrorCode;
import dev.recado.base.Refusal;
import dev.recado.base.SettingKey;
import org.jspecify.annotations.Nullable;

/** A queue in which nothing waits, as with a limit of 0 messages. */
public final class HandOver {

    /** Whether nothing waits in it. */
    public static final SettingKey<Boolean> KEY = SettingKey.ofFlag(
            "hand-over",
            false,
            "Whether nothing waits in a queue: what no member takes at once, and what comes back, is dropped, or with"
                    + " another `overflow` every publish refused");

    private HandOver() {}

    public static boolean isOf(TopicSettings settings) {
        return settings.values().get(KEY);
    }

    /** Says why no topic can have these settings, or null. */
    static @Nullable Refusal problem(TopicSettings settings) {
        boolean isWrong =
                isOf(settings) && (settings.kind() != TopicKind.QUEUE || settings.overflow() == Overflow.BLOCK);
        return isWrong
                ? Refusal.of(
                        ErrorCode.INVALID_ARGUMENT,
                        "only a queue hands over, and none with overflow=block, key=" + KEY.name() + " value=true")
                : null;
    }
}
