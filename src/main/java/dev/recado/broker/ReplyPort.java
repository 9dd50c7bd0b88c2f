package dev.recado.broker;

import dev.recado.core.message.MessageView;

/** What a session that sends requests is told. A role of a {@link SessionPort}, whose rules hold for it. */
public interface ReplyPort {

    /**
     * An answer arrived in the session's inbox; {@code reply} is valid during the call, the array that it lies in is
     * never changed and may be kept.
     */
    void onReply(long correlation, MessageView reply);
}
