package dev.recado.broker;

/**
 * Who a session is, as far as its transport knows; what a peer gave is cut to {@link #CHARS_MAX} characters.
 *
 * @param protocol as in {@code text}, {@code text-classic} or {@code zmtp-router}
 * @param peer address at the other end, as in {@code 127.0.0.1:51234}; empty where there is none
 * @param client the name that the client gave itself; empty where it gave none
 * @param user who logged in, or what stands for nobody; empty before a login that is needed; told by the identity of
 *     the session and by nobody else
 */
public record SessionInfo(String protocol, String peer, String client, String user) {

    /** Twenty thousand sessions keep them. */
    public static final int CHARS_MAX = 128;

    /** The broker's own work. */
    public static final SessionInfo INTERNAL = new SessionInfo("internal", "", "", "");

    public SessionInfo {
        peer = bounded(peer);
        client = bounded(client);
        user = bounded(user);
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
        return new SessionInfo(spoken, peer, client, user);
    }

    /** The same, whose client gave itself a name. */
    public SessionInfo withClient(String name) {
        return new SessionInfo(protocol, peer, name, user);
    }

    /** The same, who logged in. */
    public SessionInfo withUser(String name) {
        return new SessionInfo(protocol, peer, client, name);
    }
}
