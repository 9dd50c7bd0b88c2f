package dev.recado.core.group;

/** What a group asks of its caller while it changes; called from inside the group's methods, on its owner's thread. */
@FunctionalInterface
public interface GroupEffects {

    /**
     * Publish the message to the dead-letter topic. Once that has committed, answer with {@link
     * PartitionGroup#deadLetterDone}; where it was refused, with {@link PartitionGroup#deadLetterRefused}. Until then
     * the message stays unfinished. The answer may come from inside this call.
     *
     * @param attempts how often the message was delivered
     */
    void deadLetter(long offset, int attempts, String reason);
}
