package dev.recado.base;

/** Runs a task once as many things have happened as it was told; at once where that is none. One owner. */
public final class Countdown {

    private final Runnable onZero;
    private int left;

    public Countdown(int count, Runnable onZero) {
        this.left = count;
        this.onZero = onZero;
        if (count == 0) {
            onZero.run();
        }
    }

    public void down() {
        left--;
        if (left == 0) {
            onZero.run();
        }
    }
}
