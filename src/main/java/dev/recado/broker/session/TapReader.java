package dev.recado.broker.session;

import dev.recado.broker.TapBatch;

/** The subscription that a tap reads for. Owned by its loop. */
interface TapReader {

    /** Whether it would leave out everything. */
    boolean wantsNothing();

    /** The session gets {@code batch}. */
    void onTapped(TapBatch batch);

    /** A tap that fell behind gave {@code batch} up. */
    void onDropped(TapBatch batch);

    /** The subscription ends: its taps are closed already where the topic is gone, else it closes them. */
    void end(String reason, boolean topicGone);
}
