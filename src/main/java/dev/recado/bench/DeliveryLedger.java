package dev.recado.bench;

import dev.recado.base.RangeSet;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * What arrived at one group (or one tap) and whether it may have: the verifier.
 *
 * <p>A message is known by its stamp (publisher and sequence) and by where the broker stored it (topic, partition,
 * offset). The same place again is a redelivery, which a broker may do; the same stamp at another place was stored
 * twice. What a member gets for the first time must come in the order of sending within its lane and partition.
 *
 * <p>Memory is proportional to the gaps, not to the messages. Not thread-safe: one owner.
 */
public final class DeliveryLedger {

    private static final int SAMPLES_MAX = 10;

    private final Lanes lanes;
    private final RangeSet[] received;
    private final RangeSet[][] places;
    private final long[][] lastOfMember;
    private final List<String> samples = new ArrayList<>();

    private long fresh;
    private long redelivered;
    private long duplicates;
    private long disordered;
    private long corrupt;
    private long foreign;

    public DeliveryLedger(Lanes lanes, int publishers, int topics, int members) {
        this.lanes = lanes;
        received = new RangeSet[publishers];
        Arrays.setAll(received, i -> new RangeSet());
        places = new RangeSet[topics][0];
        lastOfMember = new long[members][];
        for (int i = 0; i < members; i++) {
            onConnected(i);
        }
    }

    /** A member has a new connection: what the old one left behind may come again, also out of order. */
    public void onConnected(int member) {
        lastOfMember[member] = new long[0];
    }

    /**
     * One delivery of a message of this run; {@code partition} from 0. Answers whether this group has the message for
     * the first time.
     */
    public boolean onDelivery(int member, int topic, int partition, long offset, int attempt, Stamp stamp) {
        int publisher = stamp.publisher();
        long sequence = stamp.sequence();
        if (!placesOf(topic, partition).add(offset)) {
            redelivered++;
            return false;
        }
        if (lanes.topicOf(publisher, sequence) != topic) {
            corrupt++;
            sample("in the wrong topic", publisher, sequence, topic, offset);
            return false;
        }
        if (!received[publisher].add(sequence)) {
            duplicates++;
            sample("stored twice", publisher, sequence, topic, offset);
            return false;
        }
        fresh++;
        if (attempt <= 1) {
            checkOrder(member, topic, partition, offset, stamp);
        }
        return true;
    }

    private void checkOrder(int member, int topic, int partition, long offset, Stamp stamp) {
        int slot = lanes.laneOf(stamp.publisher(), stamp.sequence()) + partition * lanes.count();
        long[] last = lastOfMember[member];
        if (slot >= last.length) {
            last = Arrays.copyOf(last, (partition + 1) * lanes.count());
            lastOfMember[member] = last;
        }
        // One more than the sequence, so that 0 means none.
        if (stamp.sequence() < last[slot]) {
            disordered++;
            sample("behind a later one", stamp.publisher(), stamp.sequence(), topic, offset);
        } else {
            last[slot] = stamp.sequence() + 1;
        }
    }

    /** A delivery that claims to be of this run and is not what was sent. */
    public void onCorrupt(int topic, long offset) {
        corrupt++;
        if (samples.size() < SAMPLES_MAX) {
            samples.add("not what was sent: topic " + topic + " offset " + offset);
        }
    }

    /** A delivery of somebody else's message. */
    public void onForeign() {
        foreign++;
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
        long phantoms = corrupt + (foreignAllowed ? 0 : foreign);
        for (int p = 0; p < received.length; p++) {
            RangeSet mine = received[p];
            for (long s = mine.nextGap(0); s < ledgers[p].answered(); s = mine.nextGap(s + 1)) {
                if (ledgers[p].isConfirmed(s)) {
                    lost++;
                    tell(told, "lost: publisher " + p + " message " + s);
                }
            }
            for (long s = mine.next(sent[p]); s != RangeSet.NONE; s = mine.next(s + 1)) {
                phantoms++;
                tell(told, "never sent: publisher " + p + " message " + s);
            }
        }
        return new Verdict(fresh, lost, duplicates, disordered, phantoms, redelivered, foreign, List.copyOf(told));
    }

    private static void tell(List<String> told, String text) {
        if (told.size() < SAMPLES_MAX) {
            told.add(text);
        }
    }

    private void sample(String what, int publisher, long sequence, int topic, long offset) {
        if (samples.size() < SAMPLES_MAX) {
            samples.add(what + ": publisher " + publisher + " message " + sequence + " topic " + topic + " offset "
                    + offset);
        }
    }

    private RangeSet placesOf(int topic, int partition) {
        RangeSet[] ofTopic = places[topic];
        if (partition >= ofTopic.length) {
            int before = ofTopic.length;
            ofTopic = Arrays.copyOf(ofTopic, partition + 1);
            for (int i = before; i <= partition; i++) {
                ofTopic[i] = new RangeSet();
            }
            places[topic] = ofTopic;
        }
        return ofTopic[partition];
    }
}
