package dev.recado.core.topic;

/**
 * When a topic ends by itself: with {@code auto-delete} once its last member has left, with {@code expires} once it had
 * none for so long. Members that have ceased are none, those that are about to join are. Owned by the owner of the
 * topic's first partition, where every member is one.
 */
public final class Lifespan {

    /** Until something happens. */
    public static final long NEVER = Long.MAX_VALUE;

    private long unusedSinceMs;
    /** Somebody was a member since the last look. */
    private boolean occupied;
    /** Somebody was, to whom messages are handed unasked. */
    private boolean served;

    /** Of a topic that nobody used before {@code nowMs}, a monotonic time as all here. */
    public Lifespan(long nowMs) {
        unusedSinceMs = nowMs;
    }

    /** A member came; {@code pulls}: it asks for each message. */
    public void onJoined(boolean pulls) {
        occupied = true;
        served |= !pulls;
    }

    /** The topic was used otherwise. */
    public void onUsed(long nowMs) {
        unusedSinceMs = nowMs;
    }

    /** Whether the topic is to end, with so many members now. */
    public boolean isOver(TopicSettings settings, int members, long nowMs) {
        if (members > 0) {
            occupied = true;
            return false;
        }
        if (occupied) {
            occupied = false;
            unusedSinceMs = nowMs;
        }
        return settings.isAutoDelete() && served || nowMs >= dueMs(settings, members);
    }

    /** When {@link #isOver} may become true though nothing happens. */
    public long dueMs(TopicSettings settings, int members) {
        return members > 0 || settings.expiresMs() < 0 ? NEVER : unusedSinceMs + settings.expiresMs();
    }
}
