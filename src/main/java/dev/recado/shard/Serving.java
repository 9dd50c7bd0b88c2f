package dev.recado.shard;

/**
 * What serves the members of one group on one partition; made for the first of them, since most groups of an idle
 * broker have none. Owned by the partition's loop.
 */
final class Serving {

    private final Finder finder;
    private final HandOut handOut;
    private final Pullers pulls;
    private final LoneDelivery alone;
    private final Credits credits;
    private final TurnTimer turnTimer;

    /** {@code onRoom} has the group looked at again. */
    Serving(GroupOwner owner, Roster roster, Runnable onRoom) {
        finder = new Finder(owner.partition(), onRoom);
        if (owner.partition().topic().settings().priorities() > 0) {
            finder.keepCold();
        }
        handOut = new HandOut(owner, finder, onRoom);
        pulls = new Pullers(owner, finder, handOut);
        alone = new LoneDelivery(owner, roster);
        credits = new Credits(owner);
        turnTimer = new TurnTimer(owner.partition().shard().loop(), owner.needs(), onRoom);
    }

    Finder finder() {
        return finder;
    }

    HandOut handOut() {
        return handOut;
    }

    Pullers pulls() {
        return pulls;
    }

    LoneDelivery alone() {
        return alone;
    }

    Credits credits() {
        return credits;
    }

    TurnTimer turnTimer() {
        return turnTimer;
    }
}
