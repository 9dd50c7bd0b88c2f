package dev.recado.broker;

/** A broker whose turns and time a {@link BrokerContract} moves. */
public interface ContractStage {

    Broker broker();

    /** A figure of the node. */
    long figure(String name);

    /** Runs {@code task} as code of a session on the loop of that number (0 or 1), in one turn. */
    void on(int loop, Runnable task);

    /** As {@link #on}, some time before all is settled. */
    void later(int loop, Runnable task);

    /** Whether this is the thread of that loop. */
    boolean isOn(int loop);

    /** Runs until nothing is left to do at this time. */
    void settle();

    /** Lets time pass, with all that happens meanwhile. */
    void pass(long ms);
}
