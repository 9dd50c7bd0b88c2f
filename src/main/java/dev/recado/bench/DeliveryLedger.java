package dev.recado.bench;

import dev.recado.base.RangeSet;
import dev.recado.bench.LoadTransport.DeliveryEvents;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What arrived at one group (or one tap) and whether it may have: the verifier.
 *
 * <p>A message is known by its stamp (publisher and sequence) and by where the broker stored it (topic, partition,
 * offset). The same message from the same place again is a redelivery, which a broker may make: told by its attempt, or
 * behind a lost connection of the group. The same stamp at another place was stored twice. What a member gets for the
 * first time must come in the order of sending within its lane and partition, and so must it lie there.
 *
 * <p>A broker that crashed may give a place that nobody was told about to another message. So behind a lost connection
 * that is a fault only where the message that lay there before was confirmed and has no other place.
 *
 * <p>Without places the same message again is a fault unless the group has lost a connection, and the order is that of
 * each member.
 *
 * <p>Memory is proportional to the gaps and bounded for the messages at the latest places. Not thread-safe: one owner.
 */
public final class DeliveryLedger {

    private static final int SAMPLES_MAX = 10;

    private final Lanes lanes;
    private final RangeSet[] received;
    /** Messages whose place another message has taken, and that have come from no other place. */
    private final RangeSet[] displaced;
    /** Messages that came from a second place behind a lost connection; stored twice unless the first one was taken. */
    private final RangeSet[] movedTo;

    private final PlaceLog.Budget budget;
    private final PlaceLog[][] places;
    private @Nullable LaneOrder[] orders;
    private final long[][] lastOfMember;
    private final List<String> samples = new ArrayList<>();

    private boolean everLost;
    private long fresh;
    private long redelivered;
    private long again;
    private long duplicates;
    private long disordered;
    private long corrupt;
    private long foreign;

    /** {@code placesMax} is for how many places it remembers what lay there. */
    public DeliveryLedger(Lanes lanes, int publishers, int topics, int members, long placesMax) {
        this.lanes = lanes;
        received = sets(publishers);
        displaced = sets(publishers);
        movedTo = sets(publishers);
        budget = new PlaceLog.Budget(placesMax);
        places = new PlaceLog[topics][0];
        orders = new LaneOrder[0];
        lastOfMember = new long[members][];
        Arrays.setAll(lastOfMember, i -> new long[0]);
    }

    private static RangeSet[] sets(int count) {
        RangeSet[] sets = new RangeSet[count];
        Arrays.setAll(sets, i -> new RangeSet());
        return sets;
    }

    /** A member has a new connection: what the old one left behind may come again, also out of order. */
    public void onConnected(int member) {
        lastOfMember[member] = new long[0];
    }

    /** A member has lost its connection: what the group had may come again as if for the first time. */
    public void onLost() {
        everLost = true;
        for (PlaceLog[] ofTopic : places) {
            for (PlaceLog log : ofTopic) {
                log.onLost();
            }
        }
        for (LaneOrder order : orders) {
            if (order != null) {
                order.clear();
            }
        }
    }

    /**
     * One delivery of a message of this run; {@code partition} from 0. Answers whether this group has the message for
     * the first time.
     */
    public boolean onDelivery(int member, int topic, int partition, long offset, int attempt, Stamp stamp) {
        if (offset == DeliveryEvents.NO_OFFSET) {
            return onUnplaced(member, topic, partition, stamp);
        }
        int publisher = stamp.publisher();
        long sequence = stamp.sequence();
        PlaceLog log = placesOf(topic, partition);
        boolean sinceLoss = log.isSinceLoss(offset);
        if (!log.add(offset)) {
            if (isAtItsPlace(log, offset, publisher, sequence)) {
                redelivered++;
                if (attempt <= 1 && sinceLoss) {
                    again++;
                    sample("delivered twice", publisher, sequence, topic, offset);
                }
                return false;
            }
            onOther(log, topic, offset, sinceLoss, stamp);
        }
        log.keep(offset, PlaceLog.message(publisher, sequence));
        if (lanes.topicOf(publisher, sequence) != topic) {
            corrupt++;
            sample("in the wrong topic", publisher, sequence, topic, offset);
            return false;
        }
        if (!received[publisher].add(sequence)) {
            onSecondPlace(topic, offset, publisher, sequence);
            return false;
        }
        fresh++;
        checkOrder(log, member, topic, partition, offset, attempt, stamp);
        return true;
    }

    private boolean onUnplaced(int member, int topic, int partition, Stamp stamp) {
        if (!received[stamp.publisher()].add(stamp.sequence())) {
            redelivered++;
            if (!everLost) {
                again++;
                sample("delivered twice", stamp.publisher(), stamp.sequence(), topic, DeliveryEvents.NO_OFFSET);
            }
            return false;
        }
        fresh++;
        if (!isBehindItsLast(member, partition, stamp)) {
            onDisorder(topic, DeliveryEvents.NO_OFFSET, stamp);
        }
        return true;
    }

    private boolean isAtItsPlace(PlaceLog log, long offset, int publisher, long sequence) {
        long there = log.messageAt(offset);
        return there == PlaceLog.NOBODY
                ? received[publisher].contains(sequence)
                : there == PlaceLog.message(publisher, sequence);
    }

    /** Another message at a known place. */
    private void onOther(PlaceLog log, int topic, long offset, boolean sinceLoss, Stamp stamp) {
        long before = log.messageAt(offset);
        if (sinceLoss || !everLost) {
            corrupt++;
            sample("other message at a known offset", stamp.publisher(), stamp.sequence(), topic, offset);
        } else if (before != PlaceLog.NOBODY) {
            int publisher = PlaceLog.publisherOf(before);
            long sequence = PlaceLog.sequenceOf(before);
            if (!movedTo[publisher].remove(sequence)) {
                displaced[publisher].add(sequence);
            }
        }
    }

    private void onSecondPlace(int topic, long offset, int publisher, long sequence) {
        if (displaced[publisher].remove(sequence)) {
            return;
        }
        if (everLost && movedTo[publisher].add(sequence)) {
            return;
        }
        duplicates++;
        sample("stored twice", publisher, sequence, topic, offset);
    }

    private void checkOrder(PlaceLog log, int member, int topic, int partition, long offset, int attempt, Stamp stamp) {
        int slot = slot(partition, stamp);
        boolean right = orderOf(slot, partition).add(offset, stamp.sequence(), log.isWholeUpTo(offset));
        if (attempt <= 1) {
            right &= isBehindItsLast(member, partition, stamp);
        }
        if (!right) {
            onDisorder(topic, offset, stamp);
        }
    }

    /** Whether what a member got of the lane and partition before was sent before. */
    private boolean isBehindItsLast(int member, int partition, Stamp stamp) {
        int slot = slot(partition, stamp);
        long[] last = lastOfMember[member];
        if (slot >= last.length) {
            last = Arrays.copyOf(last, (partition + 1) * lanes.count());
            lastOfMember[member] = last;
        }
        // One more than the sequence, so that 0 means none.
        if (stamp.sequence() < last[slot]) {
            return false;
        }
        last[slot] = stamp.sequence() + 1;
        return true;
    }

    private int slot(int partition, Stamp stamp) {
        return lanes.laneOf(stamp.publisher(), stamp.sequence()) + partition * lanes.count();
    }

    private void onDisorder(int topic, long offset, Stamp stamp) {
        disordered++;
        sample("behind a later one", stamp.publisher(), stamp.sequence(), topic, offset);
    }

    private LaneOrder orderOf(int slot, int partition) {
        if (slot >= orders.length) {
            orders = Arrays.copyOf(orders, (partition + 1) * lanes.count());
        }
        LaneOrder order = orders[slot];
        if (order == null) {
            order = new LaneOrder();
            orders[slot] = order;
        }
        return order;
    }

    /** A delivery that claims to be of this run and is not what was sent. */
    public void onCorrupt(int topic, int partition, long offset) {
        corrupt++;
        addPlace(topic, partition, offset);
        if (samples.size() < SAMPLES_MAX) {
            samples.add("not what was sent" + where(": ", topic, offset));
        }
    }

    /** A delivery of somebody else's message. */
    public void onForeign(int topic, int partition, long offset) {
        foreign++;
        // It leaves no gap between our own.
        addPlace(topic, partition, offset);
    }

    private void addPlace(int topic, int partition, long offset) {
        if (offset != DeliveryEvents.NO_OFFSET) {
            placesOf(topic, partition).add(offset);
        }
    }

    /** Messages that arrived, each counted once. */
    public long freshCount() {
        return fresh;
    }

    /**
     * The end of the run: compares what arrived with what was sent.
     *
     * @param ledgers of the publishers
     * @param sent how many messages each publisher has sent
     * @param foreignAllowed whether others may publish to the topics too
     */
    public Verdict verdict(PublishLedger[] ledgers, long[] sent, boolean foreignAllowed) {
        List<String> told = new ArrayList<>(samples);
        long lost = 0;
        long twice = duplicates;
        long phantoms = corrupt + (foreignAllowed ? 0 : foreign);
        for (int p = 0; p < received.length; p++) {
            PublishLedger published = ledgers[p];
            RangeSet mine = received[p];
            for (long s = mine.nextGap(0); s < published.answered(); s = mine.nextGap(s + 1)) {
                lost += published.isOwed(s) ? tell(told, "lost", p, s) : 0;
            }
            for (long s = displaced[p].next(0); s != RangeSet.NONE; s = displaced[p].next(s + 1)) {
                lost += published.isOwed(s) ? tell(told, "confirmed, and another has its place", p, s) : 0;
            }
            for (long s = movedTo[p].next(0); s != RangeSet.NONE; s = movedTo[p].next(s + 1)) {
                twice += tell(told, "stored twice", p, s);
            }
            for (long s = mine.next(sent[p]); s != RangeSet.NONE; s = mine.next(s + 1)) {
                phantoms += tell(told, "never sent", p, s);
            }
            for (long s = published.nextRefused(0); s != RangeSet.NONE; s = published.nextRefused(s + 1)) {
                phantoms += mine.contains(s) ? tell(told, "refused and delivered", p, s) : 0;
            }
        }
        return new Verdict(
                fresh,
                new Verdict.Faults(lost, twice, again, disordered, phantoms),
                redelivered,
                foreign,
                List.copyOf(told));
    }

    /** Answers 1, for counting. */
    private static int tell(List<String> told, String what, int publisher, long sequence) {
        if (told.size() < SAMPLES_MAX) {
            told.add(what + ": publisher " + publisher + " message " + sequence);
        }
        return 1;
    }

    private void sample(String what, int publisher, long sequence, int topic, long offset) {
        if (samples.size() < SAMPLES_MAX) {
            samples.add(what + ": publisher " + publisher + " message " + sequence + where(" ", topic, offset));
        }
    }

    private static String where(String before, int topic, long offset) {
        return offset == DeliveryEvents.NO_OFFSET ? "" : before + "topic " + topic + " offset " + offset;
    }

    private PlaceLog placesOf(int topic, int partition) {
        PlaceLog[] ofTopic = places[topic];
        if (partition >= ofTopic.length) {
            int before = ofTopic.length;
            ofTopic = Arrays.copyOf(ofTopic, partition + 1);
            for (int i = before; i <= partition; i++) {
                ofTopic[i] = new PlaceLog(budget);
            }
            places[topic] = ofTopic;
        }
        return ofTopic[partition];
    }
}
