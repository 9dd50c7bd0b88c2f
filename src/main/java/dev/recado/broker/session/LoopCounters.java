package dev.recado.broker.session;

import dev.recado.broker.Figure;
import dev.recado.shard.ShardCounters;
import java.util.List;

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

    /** In the order in which a person would read them; {@code groupsIgnored} is what groups that are open counted. */
    List<Figure> figures(long groupsIgnored) {
        return List.of(
                Figure.counter("messages_published", "messages taken from publishers", published),
                Figure.counter("bytes_published", "bytes of these as they are stored", publishedBytes),
                Figure.counter("messages_refused", "publishes that were answered with an error", refused),
                Figure.counter("messages_delivered", "messages handed to members of groups", delivered),
                Figure.counter("bytes_delivered", "bytes of these as they are stored", deliveredBytes),
                Figure.counter("messages_tapped", "messages handed to taps and subscribers", tapped),
                Figure.counter("messages_tap_dropped", "messages lost by taps that were too slow", tapDropped),
                Figure.counter("messages_dropped", "messages dropped to make room for newer ones", dropped),
                Figure.counter("replies_dropped", "replies that nobody waited for", repliesDropped),
                Figure.counter("messages_dead_lettered", "messages stored in a dead-letter topic", deadLettered),
                Figure.counter("messages_expired", "messages older than their time to live", expired),
                Figure.counter("acks_ignored", "acknowledgements that name nothing held", acksIgnored + groupsIgnored),
                Figure.counter("session_bugs", "sessions ended by a fault of the broker", sessionBugs));
    }
}
