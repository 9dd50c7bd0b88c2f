package dev.recado.journal;

import dev.recado.journal.StorageException.Kind;

/** Counts the changes of a {@link SimDisk} and says which of them fails. */
final class SimSteps {

    private int toPowerLoss = Integer.MAX_VALUE;
    private int toFailure = Integer.MAX_VALUE;
    private int count;
    private String lostAt = "";

    void losePowerAfter(int steps) {
        toPowerLoss = steps;
    }

    void failAfter(int steps) {
        toFailure = steps;
    }

    void allSucceed() {
        toPowerLoss = Integer.MAX_VALUE;
        toFailure = Integer.MAX_VALUE;
    }

    int count() {
        return count;
    }

    /** What was being done when the power failed last, and the first part of its path. */
    String lostAt() {
        return lostAt;
    }

    void step(String action, String path) {
        if (toPowerLoss <= 0) {
            throw new SimDisk.PowerLoss();
        }
        count++;
        toPowerLoss--;
        toFailure--;
        if (toPowerLoss <= 0) {
            int slash = path.indexOf('/');
            lostAt = action + " " + (slash < 0 ? path : path.substring(0, slash));
            throw new SimDisk.PowerLoss();
        }
        if (toFailure == 0) {
            throw new StorageException(Kind.FAILED, "injected failure of " + action, null);
        }
    }
}
