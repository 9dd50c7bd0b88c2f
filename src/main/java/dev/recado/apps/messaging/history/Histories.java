package dev.recado.apps.messaging.history;

import dev.recado.apps.messaging.history.HistoryEntry.Kind;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * What the operations amount to: who there is, who subscribes to what, and the two histories. It depends on the set of
 * operations alone, not on the order in which they came. Of two with the same user and id the earlier one counts and
 * the other does nothing. Owned by the server's loop.
 */
public final class Histories {

    private record Request(String user, String id) {}

    /** Two who write to each other, in the order of their names. */
    private record Pair(String first, String second) {
        static Pair of(String one, String other) {
            return one.compareTo(other) <= 0 ? new Pair(one, other) : new Pair(other, one);
        }
    }

    private record Subscription(String user, String channel) {}

    private final Map<Request, HistoryEntry> byRequest = new HashMap<>();
    /** By (Lamport clock, origin, number), each. */
    private final OrderedLines publications = new OrderedLines();

    private final OrderedLines messages = new OrderedLines();
    private final Map<String, NavigableMap<HistoryEntry.Key, HistoryEntry>> byChannel = new HashMap<>();
    private final Map<Pair, NavigableMap<HistoryEntry.Key, HistoryEntry>> byPair = new HashMap<>();
    private final Map<String, NavigableMap<HistoryEntry.Key, HistoryEntry>> subscriptionsByUser = new HashMap<>();
    private final NavigableMap<HistoryEntry.Key, HistoryEntry> registrations = new TreeMap<>();
    /** How many operations that count registered each name. */
    private final TreeMap<String, Integer> users = new TreeMap<>();

    private final TreeMap<String, Integer> channels = new TreeMap<>();
    private boolean registryChanged = true;

    /** Adds one that was not added before. */
    public void add(HistoryEntry entry) {
        Request request = new Request(entry.user(), entry.id());
        HistoryEntry other = byRequest.get(request);
        if (other != null && other.key().compareTo(entry.key()) < 0) {
            return;
        }
        if (other != null) {
            forget(other);
        }
        byRequest.put(request, entry);
        enter(entry);
    }

    private void enter(HistoryEntry entry) {
        switch (entry.kind()) {
            case PUBLISH -> {
                publications.put(entry);
                indexed(byChannel, entry.target()).put(entry.key(), entry);
            }
            case MESSAGE -> {
                messages.put(entry);
                indexed(byPair, Pair.of(entry.user(), entry.target())).put(entry.key(), entry);
            }
            default -> {
                registrations.put(entry.key(), entry);
                if (isSubscription(entry)) {
                    indexed(subscriptionsByUser, entry.user()).put(entry.key(), entry);
                }
                register(entry, 1);
            }
        }
    }

    /** Counts a name in or out. */
    private void register(HistoryEntry entry, int by) {
        registryChanged = true;
        if (entry.kind() == Kind.LOGIN) {
            count(users, entry.user(), by);
        } else if (entry.kind() == Kind.CHANNEL) {
            count(channels, entry.target(), by);
        }
    }

    private static void count(Map<String, Integer> names, String name, int by) {
        int count = names.merge(name, by, Integer::sum);
        if (count == 0) {
            names.remove(name);
        }
    }

    private static <T> NavigableMap<HistoryEntry.Key, HistoryEntry> indexed(
            Map<T, NavigableMap<HistoryEntry.Key, HistoryEntry>> index, T name) {
        return index.computeIfAbsent(name, unused -> new TreeMap<>());
    }

    private void forget(HistoryEntry entry) {
        switch (entry.kind()) {
            case PUBLISH -> {
                publications.remove(entry);
                indexed(byChannel, entry.target()).remove(entry.key());
            }
            case MESSAGE -> {
                messages.remove(entry);
                indexed(byPair, Pair.of(entry.user(), entry.target())).remove(entry.key());
            }
            default -> {
                registrations.remove(entry.key());
                if (isSubscription(entry)) {
                    indexed(subscriptionsByUser, entry.user()).remove(entry.key());
                }
                register(entry, -1);
            }
        }
    }

    /** What became of an earlier request of that user with that id, or null. */
    public @Nullable HistoryEntry earlier(String user, String id) {
        return byRequest.get(new Request(user, id));
    }

    public boolean hasUser(String name) {
        return users.containsKey(name);
    }

    public boolean hasChannel(String name) {
        return channels.containsKey(name);
    }

    public Collection<String> users() {
        return users.keySet();
    }

    public Collection<String> channels() {
        return channels.keySet();
    }

    /** The last {@code max} publications of a channel, the earliest first. */
    public List<HistoryEntry> lastOfChannel(String channel, int max) {
        return last(byChannel.getOrDefault(channel, new TreeMap<>()), max);
    }

    /** The last {@code max} direct messages between two users, the earliest first. */
    public List<HistoryEntry> lastBetween(String one, String other, int max) {
        return last(byPair.getOrDefault(Pair.of(one, other), new TreeMap<>()), max);
    }

    private static List<HistoryEntry> last(NavigableMap<HistoryEntry.Key, HistoryEntry> entries, int max) {
        Deque<HistoryEntry> last = new ArrayDeque<>();
        for (HistoryEntry entry : entries.descendingMap().values()) {
            if (last.size() >= max) {
                break;
            }
            last.addFirst(entry);
        }
        return new ArrayList<>(last);
    }

    private static boolean isSubscription(HistoryEntry entry) {
        return entry.kind() == Kind.SUBSCRIBE || entry.kind() == Kind.UNSUBSCRIBE;
    }

    /** The channels to which one user subscribes, as in {@link #subscriptions}, at the cost of that user's alone. */
    public Collection<String> subscriptionsOf(String user) {
        TreeSet<String> channels = new TreeSet<>();
        for (HistoryEntry entry :
                subscriptionsByUser.getOrDefault(user, new TreeMap<>()).values()) {
            boolean ignored =
                    entry.kind() == Kind.SUBSCRIBE ? channels.add(entry.target()) : channels.remove(entry.target());
        }
        return channels;
    }

    /** The channels to which each user subscribes: of each pair the last operation counts. */
    public Map<String, List<String>> subscriptions() {
        Map<Subscription, Kind> last = new LinkedHashMap<>();
        registrations.values().stream()
                .filter(Histories::isSubscription)
                .forEach(entry -> last.put(new Subscription(entry.user(), entry.target()), entry.kind()));
        Map<String, TreeSet<String>> byName = new TreeMap<>();
        last.forEach((pair, kind) -> {
            if (kind == Kind.SUBSCRIBE) {
                byName.computeIfAbsent(pair.user(), unused -> new TreeSet<>()).add(pair.channel());
            }
        });
        Map<String, List<String>> subscriptions = new LinkedHashMap<>();
        byName.forEach((user, theirs) -> subscriptions.put(user, List.copyOf(theirs)));
        return subscriptions;
    }

    /** The publications for their file. */
    public OrderedLines publications() {
        return publications;
    }

    /** The direct messages for their file. */
    public OrderedLines messages() {
        return messages;
    }

    /** Whether users, channels or subscriptions changed since the last call. */
    public boolean takeRegistryChanged() {
        boolean changed = registryChanged;
        registryChanged = false;
        return changed;
    }
}
