package dev.recado.transport.zmtp;

/** What each {@link Role} works with: its topic and its {@link Traffic}. */
final class Roles {

    private Roles() {}

    static ZmtpSettings.TopicRef topic(Role role, ZmtpSettings settings) {
        return switch (role) {
            case ROUTER, DEALER -> settings.topics().requests();
            case XSUB, XPUB -> settings.topics().pubsub();
            case PULL, PUSH -> settings.topics().pipeline();
        };
    }

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
