package dev.recado.transport.zmtp;

/** What each {@link Role} does: its {@link Traffic}. */
final class Roles {

    private Roles() {}

    static Traffic traffic(Role role, ZmtpEnvironment environment, ZmtpSession session, Peer peer) {
        return switch (role) {
            case ROUTER -> new RouterTraffic(environment, session, peer);
            case DEALER -> new DealerTraffic(environment, session, peer);
            case XSUB -> new XsubTraffic(environment, session);
            case XPUB -> new XpubTraffic(environment, session);
            case PULL -> new PullTraffic(environment, session);
            case PUSH -> new PushTraffic(environment, session);
        };
    }
}
