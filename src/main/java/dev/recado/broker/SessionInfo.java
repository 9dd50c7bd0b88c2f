package dev.recado.broker;

import dev.recado.core.topic.TopicName;

/**
 * Who a session is, as far as its transport knows; what a peer gave is cut to {@link #CHARS_MAX} characters.
 *
 * @param protocol as in {@code text}, {@code text-classic} or {@code zmtp-router}
 * @param peer address at the other end, as in {@code 127.0.0.1:51234}; empty where there is none
 * @param client the name that the client gave itself; empty where it gave none
 * @param user who logged in, or what stands for nobody; empty before a login that is needed; told by the identity of
 *     the session and by nobody else
 * @param namespace in which the session works; told by {@link Link#enter} and by nobody else
 */
public record SessionInfo(String protocol, String peer, String client, String user, String namespace) {

    /** Twenty thousand sessions keep them. */
    public static final int CHARS_MAX = 128;

    /** The broker's own work. */
    public static final SessionInfo INTERNAL = new SessionInfo("internal", "", "", "");

    public SessionInfo {
        peer = bounded(peer);
        client = bounded(client);
        user = bounded(user);
    }

    /** Of a session in the namespace {@code /}. */
    public SessionInfo(String protocol, String peer, String client, String user) {
        this(protocol, peer, client, user, TopicName.DEFAULT_NAMESPACE);
    }

    private static String bounded(String text) {
        if (text.length() <= CHARS_MAX) {
            return text;
        }
        boolean splits = Character.isHighSurrogate(text.charAt(CHARS_MAX - 1));
        return text.substring(0, splits ? CHARS_MAX - 1 : CHARS_MAX);
    }

    /** The same, in the words of another protocol. */
    public SessionInfo withProtocol(String spoken) {
        return new SessionInfo(spoken, peer, client, user, namespace);
    }

    /** The same, whose client gave itself a name. */
    public SessionInfo withClient(String name) {
        return new SessionInfo(protocol, peer, name, user, namespace);
    }

    /** The same, who logged in. */
    public SessionInfo withUser(String name) {
        return new SessionInfo(protocol, peer, client, name, namespace);
    }

    /** The same, which works in that namespace. */
    public SessionInfo withNamespace(String entered) {
        return new SessionInfo(protocol, peer, client, user, entered);
    }
}
