package dev.recado.core.group;

import static org.assertj.core.api.Assertions.assertThat;

import dev.recado.core.group.GroupModel.Message;
import dev.recado.core.group.GroupModel.State;
import java.util.List;

/** Keys of messages, so many of them, and what key order promises of them. */
final class KeyRules {

    private final int keyCount;

    KeyRules(int keyCount) {
        this.keyCount = keyCount;
    }

    int hash(long offset) {
        return (int) (offset * 7 % keyCount);
    }

    private int slot(long offset) {
        return KeySlots.slotOf(hash(offset));
    }

    /** Nobody else works on the slot, and nothing earlier of it waits. */
    void checkOrder(GroupModel model, long offset, int member) {
        for (Message other : model.messages) {
            if (slot(other.offset) == slot(offset) && other.offset != offset) {
                assertThat(other.state == State.LEASED && other.member != member)
                        .as("%d and %d in two hands", other.offset, offset)
                        .isFalse();
                assertThat(other.offset < offset && (other.state == State.READY || other.state == State.BACKING_OFF))
                        .as("%d overtakes %d", offset, other.offset)
                        .isFalse();
            }
        }
    }

    /** Whatever is ready has a slot whose member has no room, or that waits for a back-off. */
    void checkAllSlotsBlocked(GroupModel model) {
        List<Integer> pushed =
                model.ring.stream().filter(member -> hasSlots(model, member)).toList();
        for (Message ready : model.messages) {
            if (ready.state == State.READY && !pushed.isEmpty()) {
                int slot = slot(ready.offset);
                int owner = pushed.get(slot % pushed.size());
                boolean backingOff = false;
                for (Message other : model.messages) {
                    boolean same = slot(other.offset) == slot;
                    owner = same && other.state == State.LEASED ? other.member : owner;
                    backingOff |= same && other.state == State.BACKING_OFF;
                }
                boolean full = model.goesAlone(ready)
                        ? !model.isIdle(owner)
                        : !model.hasRoomNow(owner) || model.inFlight(owner) > 0 && mayDrain(model, owner, pushed);
                assertThat(backingOff || full)
                        .as("%d could go to %d", ready.offset, owner)
                        .isTrue();
            }
        }
    }

    private static boolean hasSlots(GroupModel model, int member) {
        return model.credit(member) > 0 && (model.inFlight(member) > 0 || !model.isShut(member));
    }

    /** Whether something that goes alone waits for the member. */
    private boolean mayDrain(GroupModel model, int member, List<Integer> pushed) {
        for (Message message : model.messages) {
            if (message.state == State.READY && model.goesAlone(message)) {
                int slot = slot(message.offset);
                int owner = pushed.get(slot % pushed.size());
                for (Message other : model.messages) {
                    owner = slot(other.offset) == slot && other.state == State.LEASED ? other.member : owner;
                }
                if (owner == member) {
                    return true;
                }
            }
        }
        return false;
    }
}
