package dev.recado.shard;

import dev.recado.base.ByteWriter;
import dev.recado.core.group.PartitionGroup;
import dev.recado.core.message.EntryType;
import dev.recado.core.topic.GroupDef;
import dev.recado.core.topic.StartPosition;
import dev.recado.core.topic.Topic;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Opens groups on a partition: resolves where one begins, writes that into the log, and lets members in once it is
 * committed. Owned by the partition's loop.
 *
 * <p>Body of an {@code OPEN} entry: partition (int), group (int), offset (long). A second one for the same group moves
 * it.
 */
final class Opening {

    /** Made when the topic is to be deleted first. */
    private @Nullable Door door;

    /** Made when the topic is to be deleted. */
    private @Nullable LettersAwaited letters;

    private final PartitionOwner owner;
    /** Made for the first who reads alone. */
    private @Nullable Readers readers;
    /** Made when somebody waits, and gone when nobody does. */
    private @Nullable Map<Integer, List<Consumer<@Nullable GroupOwner>>> waiting;
    /** Made for a partition whose automatic groups are asked for. */
    private @Nullable Map<Integer, Integer> reservedNew;

    Opening(PartitionOwner owner) {
        this.owner = owner;
    }

    /** Whether nobody may join or publish, since the topic is about to be deleted. */
    boolean isShut() {
        return door != null && door.isShut();
    }

    /** The door of a topic that may end by itself, where that is decided: on its first partition. Else null. */
    @Nullable
    Door ownDoor() {
        return owner.partition().index() == 0 && owner.topic().settings().isMortal() ? door() : null;
    }

    /** See {@link PartitionContext#endIfOver}. */
    void endIfOver() {
        Door own = ownDoor();
        if (own != null && !owner.closing()) {
            own.onTick(owner.view().time().monotonicMs());
        }
        lookAtLetters();
    }

    /** Runs {@code task} once the dead letters of a group, or of all, are where they belong; {@link LettersAwaited}. */
    void behindLetters(int group, Runnable task) {
        LettersAwaited awaited = letters == null ? new LettersAwaited(owner, owner.groups()) : letters;
        letters = awaited;
        awaited.await(group, task);
    }

    void lookAtLetters() {
        if (letters != null) {
            letters.look();
        }
    }

    boolean awaitsLetters() {
        return letters != null && !letters.isEmpty();
    }

    Readers readers() {
        Readers now = readers;
        if (now == null) {
            now = new Readers(owner, owner.groups());
            readers = now;
        }
        return now;
    }

    /** See {@link PartitionContext#behindEnd}. */
    void behindEnd(Runnable task) {
        Door own = ownDoor();
        if (own == null || owner.closing()) {
            task.run();
        } else {
            own.behindEnd(task);
        }
    }

    /** The topic is gone: what waited for that goes on. */
    void ended() {
        if (letters != null) {
            letters.end();
        }
        if (door != null) {
            door.goOn();
        }
    }

    Door door() {
        Door now = door;
        if (now == null) {
            now = new Door(owner);
            door = now;
        }
        return now;
    }

    /** Reserves a place in an automatic group that does not exist yet; false where its places are taken. */
    boolean reserveNew(int number, int max) {
        Map<Integer, Integer> reserved = reservedNew == null ? new HashMap<>() : reservedNew;
        reservedNew = reserved;
        int places = reserved.getOrDefault(number, 0);
        if (places >= max) {
            return false;
        }
        reserved.put(number, places + 1);
        return true;
    }

    /** Gives back a place in an automatic group, whether it exists by now or not. */
    void unreserve(String groupName) {
        GroupOwner group = owner.groups().named(groupName);
        if (group != null) {
            group.reserve(-1);
            return;
        }
        if (reservedNew != null) {
            reservedNew.computeIfPresent(
                    AutomaticGroups.numberOfGroup(groupName), (number, places) -> places > 1 ? places - 1 : null);
        }
    }

    /**
     * Runs {@code task} with the group once it is open here, opening it where nobody has; with null where it is gone.
     */
    void whenOpen(GroupDef def, Consumer<@Nullable GroupOwner> task) {
        if (def.isReader()) {
            resolve(def.from(), offset -> task.accept(owner.closing() ? null : openReader(def, offset)));
            return;
        }
        GroupOwner open = owner.group(def.id());
        if (open != null) {
            task.accept(open);
            return;
        }
        if (isGone(def)) {
            task.accept(null);
            return;
        }
        Map<Integer, List<Consumer<@Nullable GroupOwner>>> all = waiting == null ? new HashMap<>() : waiting;
        waiting = all;
        List<Consumer<@Nullable GroupOwner>> waiters = all.get(def.id());
        if (waiters != null) {
            waiters.add(task);
            return;
        }
        waiters = new ArrayList<>();
        waiters.add(task);
        all.put(def.id(), waiters);
        resolve(def.from(), offset -> open(def, offset));
    }

    private GroupOwner openReader(GroupDef def, long offset) {
        GroupOwner reader = readers().open(def, offset);
        passGaps(reader);
        return reader;
    }

    private void open(GroupDef def, long offset) {
        if (owner.inMemoryOnly()) {
            opened(def, offset);
        } else {
            write(def.id(), offset, Proposed.NOTHING);
        }
    }

    /** Asks the node's catalog: a member may come with a group that the owner of the partition is yet to be told of. */
    private boolean isGone(GroupDef def) {
        Topic topic = owner.view().catalog().topic(owner.partition().topicId());
        GroupDef now = topic == null ? null : topic.group(def.name());
        return owner.closing() || now == null || now.id() != def.id();
    }

    /** The partition is gone: nobody waits any longer. */
    void abandon() {
        if (waiting == null) {
            return;
        }
        List<List<Consumer<@Nullable GroupOwner>>> all = List.copyOf(waiting.values());
        waiting = null;
        all.forEach(waiters -> waiters.forEach(waiter -> waiter.accept(null)));
    }

    private void opened(GroupDef def, long offset) {
        if (isGone(def)) {
            tell(def.id(), null);
            return;
        }
        GroupOwner group = new GroupOwner(owner, def, new PartitionGroup(def.settings(), offset));
        owner.groups().put(group);
        passGaps(group);
        owner.markDirty(); // it may begin above a limit
        takeReserved(group);
        tell(def.id(), group);
    }

    private void takeReserved(GroupOwner group) {
        if (reservedNew == null) {
            return;
        }
        for (Map.Entry<Integer, Integer> reserved : reservedNew.entrySet()) {
            if (AutomaticGroups.name(reserved.getKey()).equals(group.def().name())) {
                group.reserve(reserved.getValue());
            }
        }
        reservedNew.keySet().removeIf(number -> AutomaticGroups.name(number)
                .equals(group.def().name()));
    }

    private void tell(int groupId, @Nullable GroupOwner group) {
        List<Consumer<@Nullable GroupOwner>> waiters = waiting == null ? null : waiting.remove(groupId);
        if (waiting != null && waiting.isEmpty()) {
            waiting = null;
        }
        if (waiters != null) {
            waiters.forEach(waiter -> waiter.accept(group));
        }
    }

    private void write(int groupId, long offset, Runnable onApplied) {
        ByteWriter body = new ByteWriter(16);
        body.putInt(owner.partition().id()).putInt(groupId).putLong(offset);
        owner.shard().propose(EntryType.OPEN, body.toByteArray(), onApplied);
    }

    /** Moves a group; {@code onDone} runs once that is committed. */
    void reset(GroupOwner group, StartPosition from, Runnable onDone) {
        resolve(from, offset -> {
            if (owner.inMemoryOnly()) {
                group.reset(offset);
                passGaps(group);
                onDone.run();
                return;
            }
            group.resetting(1);
            write(group.def().id(), offset, () -> {
                group.resetting(-1);
                onDone.run();
            });
        });
    }

    /** What others have finished of a memory topic may be nowhere any more. */
    private void passGaps(GroupOwner group) {
        if (owner.inMemoryOnly()) {
            TailRelease.finishGaps(owner.tail(), group.needs(), group.group().floor());
        }
    }

    /** Finds the offset that a position means now; {@code then} may run later, on the partition's loop. */
    void resolve(StartPosition from, LongConsumer then) {
        if (from instanceof StartPosition.First) {
            then.accept(owner.logStart());
        } else if (from instanceof StartPosition.Next) {
            then.accept(owner.nextOffset());
        } else if (from instanceof StartPosition.Last) {
            then.accept(Math.max(owner.logStart(), owner.nextOffset() - 1));
        } else if (from instanceof StartPosition.AtOffset at) {
            then.accept(Math.max(owner.logStart(), Math.min(at.offset(), owner.nextOffset())));
        } else if (from instanceof StartPosition.AtTime at) {
            resolveTime(at.ms(), then);
        }
    }

    /** The clock may have been wrong for a while: no message is later than now, and an older one may be. */
    private void resolveTime(long ms, LongConsumer then) {
        long nowMs = owner.view().time().wallMs();
        long memoryStart = owner.tail().start();
        if (owner.logStart() >= memoryStart || !owner.tail().leavesToSegments(owner.logStart())) {
            then.accept(Math.max(owner.logStart(), owner.tail().since(ms, nowMs)));
            return;
        }
        owner.shard().reads().findTime(owner.partition().id(), ms, nowMs, offset -> {
            long found =
                    offset >= 0 && offset < memoryStart ? offset : owner.tail().since(ms, nowMs);
            then.accept(Math.max(owner.logStart(), found));
        });
    }

    /** An {@code OPEN} entry is committed. */
    void applied(int groupId, long offset) {
        GroupOwner open = owner.group(groupId);
        Topic topic = owner.view().catalog().topic(owner.partition().topicId());
        GroupDef def = topic == null ? null : topic.group(groupId);
        if (open != null) {
            open.reset(offset);
        } else if (def != null) {
            opened(def, offset);
        } else {
            tell(groupId, null); // it ended meanwhile
        }
    }
}
