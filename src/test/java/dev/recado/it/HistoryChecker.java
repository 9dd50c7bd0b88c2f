package dev.recado.it;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What clients did and saw on one topic through one group, and what is wrong with it. Payloads must be unique.
 * Thread-safe; clients report an event when it has happened, so a message counts as sent before its first byte leaves.
 */
final class HistoryChecker {

    private final Map<String, Fate> fates = new LinkedHashMap<>();
    private final Map<String, String> payloadById = new HashMap<>();
    private final Map<String, Long> lastConfirmed = new HashMap<>();
    private final Map<String, Long> lastFirstDelivery = new HashMap<>();
    private final Set<String> handOuts = new HashSet<>();
    private final Set<String> deliveredIds = new HashSet<>();
    private final List<String> phantoms = new ArrayList<>();
    private final List<String> duplicates = new ArrayList<>();
    private final List<String> disorder = new ArrayList<>();
    private final List<String> refusals = new ArrayList<>();
    private int confirmedCount;
    private int deliveredCount;
    private int redeliveries;
    private int missing;

    /** What became of one payload. */
    private static final class Fate {
        private final boolean numbered;
        private int sendings;
        private boolean confirmed;
        private final Set<String> ids = new LinkedHashSet<>();
        private boolean delivered;

        private Fate(boolean numbered) {
            this.numbered = numbered;
        }
    }

    /**
     * The judgement.
     *
     * @param lost confirmed and never delivered
     * @param phantoms delivered and never sent, or not what its id was confirmed for
     * @param duplicates more than at-least-once allows: stored twice, or handed out twice under one attempt
     * @param disorder ids that fall where a partition's order says they rise
     * @param refusals errors in answer to a publish
     * @param redeliveries deliveries beyond the first of each id, which at-least-once allows
     */
    record Verdict(
            List<String> lost,
            List<String> phantoms,
            List<String> duplicates,
            List<String> disorder,
            List<String> refusals,
            int confirmed,
            int delivered,
            int redeliveries) {

        boolean isClean() {
            return lost.isEmpty()
                    && phantoms.isEmpty()
                    && duplicates.isEmpty()
                    && disorder.isEmpty()
                    && refusals.isEmpty();
        }

        @Override
        public String toString() {
            return "confirmed=" + confirmed + " delivered=" + delivered + " redeliveries=" + redeliveries
                    + show(" lost", lost) + show(" phantoms", phantoms) + show(" duplicates", duplicates)
                    + show(" disorder", disorder) + show(" refusals", refusals);
        }

        private static String show(String name, List<String> faults) {
            return name + "=" + faults.size()
                    + (faults.isEmpty() ? "" : faults.subList(0, Math.min(10, faults.size())));
        }
    }

    /**
     * A payload is about to be sent, perhaps once more. {@code numbered}: under a producer's number, so stored once.
     */
    synchronized void sent(String payload, boolean numbered) {
        fates.computeIfAbsent(payload, absent -> new Fate(numbered)).sendings++;
    }

    /**
     * The broker answered OK. {@code publisher} names one stream of publishes whose ids must rise within a partition.
     */
    synchronized void confirmed(String publisher, String payload, String id) {
        Fate fate = fates.get(payload);
        if (fate == null) {
            phantoms.add("confirmed but never sent: " + payload);
            return;
        }
        if (!fate.confirmed) {
            fate.confirmed = true;
            confirmedCount++;
            missing += fate.delivered ? 0 : 1;
            rises(lastConfirmed, publisher, id, "confirmed to " + publisher);
        }
        stored(fate, payload, id);
    }

    /** The broker answered with an error. */
    synchronized void refused(String payload, String error) {
        refusals.add(payload + " " + error);
    }

    /**
     * A member got a message.
     *
     * @param life which process of the broker this was, since attempts are counted anew where progress was not yet
     *     durable
     * @param session one subscription's name, unique in the history
     */
    synchronized void delivered(int life, String session, TextConnection.Delivery delivery) {
        deliveredCount++;
        redeliveries += deliveredIds.add(delivery.id()) ? 0 : 1;
        String payload = delivery.payload();
        Fate fate = fates.get(payload);
        if (fate == null) {
            phantoms.add("delivered but never sent: id=" + delivery.id() + " " + payload);
            return;
        }
        if (!fate.delivered) {
            fate.delivered = true;
            missing -= fate.confirmed ? 1 : 0;
        }
        stored(fate, payload, delivery.id());
        if (!handOuts.add(life + " " + delivery.id() + " " + delivery.attempt())) {
            duplicates.add("id=" + delivery.id() + " twice as attempt=" + delivery.attempt() + " in life=" + life);
        }
        if (delivery.attempt() == 1) {
            rises(lastFirstDelivery, session, delivery.id(), "first deliveries to " + session);
        }
    }

    /** Confirmed messages that no member has got yet. */
    synchronized int missing() {
        return missing;
    }

    synchronized int confirmedCount() {
        return confirmedCount;
    }

    synchronized int deliveredCount() {
        return deliveredCount;
    }

    synchronized Verdict verdict() {
        List<String> lost = new ArrayList<>();
        List<String> storedTwice = new ArrayList<>(duplicates);
        fates.forEach((payload, fate) -> {
            if (fate.confirmed && !fate.delivered) {
                lost.add(payload + " ids=" + fate.ids);
            }
            if (fate.ids.size() > (fate.numbered ? 1 : fate.sendings)) {
                storedTwice.add(payload + " stored as " + fate.ids);
            }
        });
        return new Verdict(
                lost,
                List.copyOf(phantoms),
                storedTwice,
                List.copyOf(disorder),
                List.copyOf(refusals),
                confirmedCount,
                deliveredCount,
                redeliveries);
    }

    private void stored(Fate fate, String payload, String id) {
        fate.ids.add(id);
        String before = payloadById.putIfAbsent(id, payload);
        if (before != null && !before.equals(payload)) {
            phantoms.add("id=" + id + " is both " + before + " and " + payload);
        }
    }

    private void rises(Map<String, Long> last, String stream, String id, String what) {
        int dash = id.indexOf('-');
        String partition = dash < 0 ? "0" : id.substring(0, dash);
        long offset = Long.parseLong(id.substring(dash + 1));
        Long before = last.put(stream + " " + partition, offset);
        if (before != null && before >= offset) {
            disorder.add(what + " in partition=" + partition + " fell from " + before + " to " + offset);
        }
    }
}
