package dev.recado.fuzz;

/** What the grammar remembers of one session that it makes up. */
final class Voice {

    final int number;
    /** Subscriptions that it asked for; those refused have no number, so the last ones may not exist. */
    int subscriptions;

    boolean numbered;
    Expect publish = Expect.PUBLISH;
    int failedLogins;
    boolean over;

    Voice(int number) {
        this.number = number;
    }
}
