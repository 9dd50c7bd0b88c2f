package dev.recado.broker.session;

import dev.recado.base.ErrorCode;
import dev.recado.base.Refusal;
import dev.recado.core.topic.Durability;
import dev.recado.core.topic.Topic;
import dev.recado.core.topic.TopicName;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * What is wanted of each topic on this node, and who is told of changes. Wanted are the prefixes of filtered taps, and
 * everything (the empty prefix) while a topic has a tap that is not filtered, a group or a matching pattern
 * subscription, or is stored for whoever comes later.
 *
 * <p>Shared by all loops behind one lock: it is asked when somebody subscribes, wants something else or leaves, and
 * never for a message. What is told is queued to the watcher's loop inside the lock, so that it arrives in the order in
 * which it came true. The catalog is looked at each time anew; whoever changes it calls {@link #onTopicChanged} then.
 */
public final class Interests {

    /** Different prefixes that the filtered taps of one topic may want, and their bytes in all. */
    static final int PREFIXES_MAX = 100_000;

    static final long PREFIX_BYTES_MAX = 16L * 1024 * 1024;

    private static final byte[] ALL = {};

    private final SessionNode node;
    private final Predicate<Topic> isMatched;
    private final Map<TopicName, Interest> byName = new HashMap<>();
    private final Set<Interest> watched = new LinkedHashSet<>();

    /** One topic's, under its name, since a watch outlives the topic. */
    private static final class Interest {
        private final TopicName name;
        private final Map<byte[], Integer> taps = new TreeMap<>(Arrays::compareUnsigned);
        private final Set<OpenLink> watchers = new LinkedHashSet<>();
        private long bytes;
        private int wholeTaps;
        /** The topic that has the name now; 0 for none. */
        private int topicId;
        /** Whether there is a reason beside taps to want everything. */
        private boolean always;

        private Interest(TopicName name) {
            this.name = name;
        }

        private boolean isWhole() {
            return always || wholeTaps > 0 || taps.containsKey(ALL);
        }

        /** Everything that is wanted, each prefix once. */
        private List<byte[]> wanted() {
            List<byte[]> prefixes = new ArrayList<>(taps.keySet());
            if (isWhole() && !taps.containsKey(ALL)) {
                prefixes.add(0, ALL);
            }
            return prefixes;
        }
    }

    /** {@code isMatched} knows whether a pattern subscription wants a topic. */
    Interests(SessionNode node, Predicate<Topic> isMatched) {
        this.node = node;
        this.isMatched = isMatched;
    }

    /** Tells {@code link} what is wanted of the topic, then every change, until {@link #unwatch}. */
    synchronized void watch(TopicName name, OpenLink link) {
        Interest interest = refreshed(name);
        tell(link, name, interest.wanted(), true);
        interest.watchers.add(link);
        watched.add(interest);
    }

    synchronized void unwatch(TopicName name, OpenLink link) {
        Interest interest = byName.get(name);
        if (interest != null && interest.watchers.remove(link)) {
            if (interest.watchers.isEmpty()) {
                watched.remove(interest);
            }
            forgetIfUnused(interest);
        }
    }

    /** A tap that is not filtered has come. */
    synchronized void addWhole(Topic topic) {
        Interest interest = refreshed(topic.name());
        if (interest.topicId == topic.id()) {
            boolean before = interest.isWhole();
            interest.wholeTaps++;
            tellWhole(interest, before);
        }
        forgetIfUnused(interest);
    }

    synchronized void removeWhole(Topic topic) {
        Interest interest = refreshed(topic.name());
        if (interest.topicId == topic.id()) {
            boolean before = interest.isWhole();
            interest.wholeTaps--;
            tellWhole(interest, before);
        }
        forgetIfUnused(interest);
    }

    /** A filtered tap wants {@code prefix}; answers why it may not. Of a topic that is gone nothing is wanted. */
    synchronized @Nullable Refusal want(Topic topic, byte[] prefix) {
        Interest interest = refreshed(topic.name());
        try {
            return interest.topicId == topic.id() ? add(interest, prefix) : null;
        } finally {
            forgetIfUnused(interest);
        }
    }

    private static @Nullable Refusal add(Interest interest, byte[] prefix) {
        Integer known = interest.taps.get(prefix);
        if (known != null) {
            interest.taps.put(prefix, known + 1);
            return null;
        }
        if (interest.taps.size() >= PREFIXES_MAX || interest.bytes + prefix.length > PREFIX_BYTES_MAX) {
            return Refusal.of(
                    ErrorCode.LIMIT_REACHED,
                    "prefixes=" + interest.taps.size() + " max=" + PREFIXES_MAX + " bytes=" + interest.bytes + " max="
                            + PREFIX_BYTES_MAX);
        }
        boolean before = interest.isWhole();
        byte[] mine = prefix.clone();
        interest.taps.put(mine, 1);
        interest.bytes += mine.length;
        if (mine.length == 0) {
            tellWhole(interest, before);
        } else {
            tell(interest, List.of(mine), true);
        }
        return null;
    }

    /** A filtered tap no longer wants {@code prefixes}. */
    synchronized void unwant(Topic topic, Iterable<byte[]> prefixes) {
        Interest interest = refreshed(topic.name());
        if (interest.topicId == topic.id()) {
            boolean before = interest.isWhole();
            List<byte[]> gone = new ArrayList<>();
            for (byte[] prefix : prefixes) {
                Integer left = interest.taps.computeIfPresent(prefix, (same, count) -> count > 1 ? count - 1 : null);
                if (left == null) {
                    interest.bytes -= prefix.length;
                    if (prefix.length > 0) {
                        gone.add(prefix.clone());
                    }
                }
            }
            tell(interest, gone, false);
            tellWhole(interest, before);
        }
        forgetIfUnused(interest);
    }

    /** The topic of that name came, went, or has other settings or groups; the node's catalog says so already. */
    public synchronized void onTopicChanged(TopicName name) {
        if (byName.containsKey(name)) {
            forgetIfUnused(refreshed(name));
        }
    }

    /** There is another pattern subscription, or one less. */
    synchronized void onPatternsChanged() {
        watched.forEach(this::refresh);
    }

    private Interest refreshed(TopicName name) {
        Interest interest = byName.computeIfAbsent(name, Interest::new);
        refresh(interest);
        return interest;
    }

    private void refresh(Interest interest) {
        Topic topic = node.catalog().topic(interest.name);
        int id = topic == null ? 0 : topic.id();
        if (id != interest.topicId) {
            tell(interest, interest.wanted(), false);
            interest.taps.clear();
            interest.bytes = 0;
            interest.wholeTaps = 0;
            interest.always = false;
            interest.topicId = id;
        }
        boolean before = interest.isWhole();
        interest.always = topic != null
                && (topic.groupCount() > 0
                        || topic.settings().durability() != Durability.MEMORY
                        || isMatched.test(topic));
        tellWhole(interest, before);
    }

    private void forgetIfUnused(Interest interest) {
        if (interest.watchers.isEmpty() && interest.taps.isEmpty() && interest.wholeTaps == 0) {
            byName.remove(interest.name);
        }
    }

    private static void tellWhole(Interest interest, boolean before) {
        boolean now = interest.isWhole();
        if (now != before) {
            tell(interest, List.of(ALL), now);
        }
    }

    private static void tell(Interest interest, List<byte[]> prefixes, boolean wanted) {
        for (OpenLink watcher : interest.watchers) {
            tell(watcher, interest.name, prefixes, wanted);
        }
    }

    /** Always behind what was queued before, also for a watcher on this loop. */
    private static void tell(OpenLink watcher, TopicName name, List<byte[]> prefixes, boolean wanted) {
        if (!prefixes.isEmpty()) {
            watcher.loop().execute(() -> watcher.onInterest(name, prefixes, wanted));
        }
    }
}
