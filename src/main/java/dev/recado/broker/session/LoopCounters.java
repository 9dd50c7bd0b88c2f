package dev.recado.broker.session;

import dev.recado.shard.ShardCounters;
import java.util.LinkedHashMap;
import java.util.Map;

/** What one event loop has counted since the start; owned by that loop, read by asking it. */
public final class LoopCounters implements ShardCounters {

    long published;
    long publishedBytes;
    long refused;
    long delivered;
    long deliveredBytes;
    long tapped;
    long tapDropped;
    /** By topics that drop their oldest, and of what was on its way to pattern subscriptions. */
    long dropped;

    long repliesDropped;
    long deadLettered;
    long expired;
    /** Besides those that groups which are open count. */
    long acksIgnored;

    long sessionBugs;

    @Override
    public void dropped(long messages) {
        dropped += messages;
    }

    @Override
    public void expired(long messages) {
        expired += messages;
    }

    @Override
    public void deadLettered() {
        deadLettered++;
    }

    @Override
    public void delivered(int bytes) {
        delivered++;
        deliveredBytes += bytes;
    }

    @Override
    public void acksIgnored(long acknowledgements) {
        acksIgnored += acknowledgements;
    }

    /** Failures of sessions that the broker has judged to be bugs. */
    public long sessionBugs() {
        return sessionBugs;
    }

    Map<String, Long> values() {
        Map<String, Long> values = new LinkedHashMap<>();
        values.put("messages_published", published);
        values.put("bytes_published", publishedBytes);
        values.put("messages_refused", refused);
        values.put("messages_delivered", delivered);
        values.put("bytes_delivered", deliveredBytes);
        values.put("messages_tapped", tapped);
        values.put("messages_tap_dropped", tapDropped);
        values.put("messages_dropped", dropped);
        values.put("replies_dropped", repliesDropped);
        values.put("messages_dead_lettered", deadLettered);
        values.put("messages_expired", expired);
        values.put("acks_ignored", acksIgnored);
        values.put("session_bugs", sessionBugs);
        return values;
    }
}
