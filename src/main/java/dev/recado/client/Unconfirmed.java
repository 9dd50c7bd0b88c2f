package dev.recado.client;

/**
 * The publishes of a client that have no answer at one moment; counts are messages.
 *
 * @param sent on their way: whether the broker has stored them is not known yet
 * @param unsent not stored: never sent, or refused for now and to be sent again
 * @param refusal why the broker refused the latest of those that are sent again ({@code Topic full}, {@code Disk low},
 *     {@code Memory low}); empty where nothing was refused since the last confirmation, or there is no connection
 */
public record Unconfirmed(int sent, int unsent, String refusal) {

    public int count() {
        return sent + unsent;
    }
}
