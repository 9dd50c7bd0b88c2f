package dev.recado.core.group;

/**
 * How a group gives up messages that nobody has rejected, because of their age or of a limit, so that they are
 * published elsewhere. Of the owner of the group.
 */
public final class GivingUp {

    private final PartitionGroup group;

    public GivingUp(PartitionGroup group) {
        this.group = group;
    }

    /**
     * Gives up what is ready, the message at the cursor or one that came back; false where too many are on their way
     * already. Each that is done makes room.
     */
    public boolean giveUp(long offset, DeathCause cause, GroupEffects effects) {
        if (group.inHand.deathRow.isFull()) {
            return false;
        }
        group.settling.giveUp(group.out.takeReady(offset), cause);
        group.inHand.deathRow.dispatch(effects);
        return true;
    }

    /** How many more may be given up at present. */
    public int room() {
        return group.inHand.deathRow.room();
    }

    /** Why the dead letter at {@code offset}, which the caller has, died. */
    public DeathCause cause(long offset) {
        return group.inHand.deathRow.cause(offset);
    }

    /** Of those that are on their way, how many were refused where they go, and wait to be tried again. */
    public int refusedCount() {
        return group.inHand.deathRow.delayedCount();
    }
}
