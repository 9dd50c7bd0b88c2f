package dev.recado.broker;

/** Runs a task once as many things have happened as it was told; at once where that is none. One owner. */
final class Countdown {

    private final Runnable onZero;
    private int left;

    Countdown(int count, Runnable onZero) {
        this.left = count;
        this.onZero = onZero;
        if (count == 0) {
            onZero.run();
        }
    }

    void down() {
        left--;
        if (left == 0) {
            onZero.run();
        }
    }
}
