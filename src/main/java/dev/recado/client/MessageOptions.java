package dev.recado.client;

/**
 * How a message is published (brokers from 0.2.0 on, where it is not {@link #NONE}).
 *
 * @param priority 0, as where nothing is said, to 255: by it a queue with the setting {@code priorities} hands out what
 *     waits
 * @param nosync confirmed without waiting for the disk, as in a topic of durability {@code os}: the operating system
 *     has it then, and a loss of power may lose it
 */
public record MessageOptions(int priority, boolean nosync) {

    /** A message of no priority that waits for what its topic promises. */
    public static final MessageOptions NONE = new MessageOptions(0, false);

    private static final int PRIORITY_MAX = 255;

    public MessageOptions {
        if (priority < 0 || priority > PRIORITY_MAX) {
            throw new IllegalArgumentException("priority=" + priority + " allowed=0 to " + PRIORITY_MAX);
        }
    }

    public MessageOptions withPriority(int value) {
        return new MessageOptions(value, nosync);
    }

    public MessageOptions withNosync(boolean value) {
        return new MessageOptions(priority, value);
    }

    /** As they are on the wire; empty where there is nothing to say. */
    String words() {
        return (priority == 0 ? "" : "priority=" + priority)
                + (priority != 0 && nosync ? "&" : "")
                + (nosync ? "nosync" : "");
    }
}
