package dev.recado.transport;

import dev.recado.broker.SubscribeSpec;
import dev.recado.broker.session.Batches;
import dev.recado.core.message.DeliveryBatch;
import dev.recado.core.message.StoredRun;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A group as a few lists: what is ready, and its members in turn. */
public final class FakeGroup {

    /** A message that waits, with the number of its next delivery. */
    public record Ready(int partition, StoredRun run, int attempt) {}

    public final String name;
    public final ArrayDeque<Ready> ready = new ArrayDeque<>();
    public final List<FakeSubscription> members = new ArrayList<>();
    public final List<String> settled = new ArrayList<>();
    private int turn;

    public FakeGroup(String name) {
        this.name = name;
    }

    /** Hands out what members have credit for; answers whether there was anything. */
    public boolean deliver() {
        boolean any = false;
        while (!ready.isEmpty()) {
            FakeSubscription member = memberWithRoom();
            if (member == null) {
                break;
            }
            Ready next = ready.poll();
            DeliveryBatch batch = Batches.batch(next.partition());
            Batches.add(batch, next.run(), next.attempt());
            member.hold(next);
            while (member.hasRoom()
                    && members.size() == 1
                    && !ready.isEmpty()
                    && ready.peek().partition() == next.partition()) {
                Ready more = ready.poll();
                Batches.add(batch, more.run(), more.attempt());
                member.hold(more);
            }
            member.handedBytes += batch.bytes();
            member.link.port.deliveries().onDeliveries(member, batch);
            any = true;
        }
        return any;
    }

    /** Nothing is ready any more; answers how much of it there was. */
    long forgetReady() {
        long count = ready.size();
        ready.clear();
        return count;
    }

    /** Nothing is ready or held any more; answers how much of it there was. */
    long forgetAll() {
        long count = ready.size();
        ready.clear();
        for (FakeSubscription member : members) {
            count += member.held.size();
            member.held.clear();
        }
        return count;
    }

    private @Nullable FakeSubscription memberWithRoom() {
        for (int i = 0; i < members.size(); i++) {
            FakeSubscription member = members.get(Math.floorMod(turn++, members.size()));
            if (member.spec.kind() != SubscribeSpec.Kind.PULL && member.hasRoom() && member.handedBytes < (1 << 20)) {
                return member;
            }
        }
        return null;
    }
}
