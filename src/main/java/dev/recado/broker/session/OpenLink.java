package dev.recado.broker.session;

import dev.recado.base.Refusal;
import dev.recado.broker.SessionFigures;
import dev.recado.broker.SessionPort;
import dev.recado.core.message.MessageView;
import dev.recado.core.topic.TopicName;
import dev.recado.security.Identity;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The link of a session as its loop, and what sessions share, see it. Owned by that loop. */
interface OpenLink {

    /** Where it is at home. Any loop. */
    Loop loop();

    /** Sends the acknowledgements that gathered. */
    void flushUnsent();

    /** End of the loop's turn. */
    void onTurnEnd();

    /** What sessions that wait have waiting for room has filled its bound: it may have to stop reading. */
    void pauseIfCrowded();

    /** Who it is and what it has done so far. */
    SessionRecord record();

    SessionPort port();

    void onBackPressure(boolean pauseReading);

    /** Whether its publishes wait for room for as long as it takes. */
    boolean waits();

    void onReply(long correlation, MessageView reply);

    void onInterest(TopicName topic, List<byte[]> prefixes, boolean wanted);

    /** A newer session took its id, or the broker stops. */
    void closeByBroker(Refusal refusal);

    void close();

    /** The session's id among all of the node. */
    long number();

    /** As whom it came. */
    Identity identity();

    /** Where its rights are asked for; null until its session has it. */
    @Nullable
    SessionDoor door();

    /** How it stands, by the monotonic clock. */
    SessionFigures figures(long nowMs);
}
