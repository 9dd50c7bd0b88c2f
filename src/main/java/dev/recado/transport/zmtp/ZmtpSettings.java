package dev.recado.transport.zmtp;

import dev.recado.base.SettingValues;
import dev.recado.broker.SlowTap;
import dev.recado.core.topic.Durability;
import dev.recado.core.topic.Overflow;
import dev.recado.core.topic.TopicKind;
import dev.recado.core.topic.TopicSettings;
import dev.recado.security.Identity;
import dev.recado.transport.DeclaredListener;
import java.util.Objects;

/**
 * What holds for all ZMTP listeners.
 *
 * @param heartbeatMs silence after which a peer is pinged; three times of its machine, or 30 of it, end it; 0 never
 * @param takeOver whether a client that comes with an identity in use ends the one that has it
 */
public record ZmtpSettings(
        Topics topics,
        long heartbeatMs,
        boolean takeOver,
        Workers workers,
        Pullers pullers,
        Subscribers subscribers,
        Entrance entrance) {

    /** A topic in the namespace {@code /}, and how it is made where it is missing. */
    public record TopicRef(String name, TopicSettings settings) {}

    /**
     * What lies between the listeners.
     *
     * @param requests behind the roles ROUTER and DEALER
     * @param pubsub behind XSUB and XPUB
     * @param pipeline behind PULL and PUSH
     */
    public record Topics(TopicRef requests, TopicRef pubsub, TopicRef pipeline) {}

    /**
     * Who answers requests.
     *
     * @param credit requests that a worker may hold unanswered, 1 to 65,535
     * @param redeliver whether the requests of a REP worker that dies before it answered go to another
     */
    public record Workers(int credit, boolean redeliver) {}

    /**
     * Who pulls.
     *
     * @param credit messages on their way to a puller's socket, 1 to 32,768
     * @param redeliverWindow messages of a puller that are sent again should its connection end, 0 to 32,767
     */
    public record Pullers(int credit, int redeliverWindow) {}

    /**
     * Who subscribes.
     *
     * @param slow what happens to the messages of a subscriber that does not take them
     * @param prefixesMax prefixes that one subscriber may have
     */
    public record Subscribers(SlowTap slow, int prefixesMax) {}

    /**
     * Who may come, and by what.
     *
     * @param keyFile the broker's key for CURVE; empty: no CURVE
     * @param clientsFile public keys of the clients that may come; empty: any
     * @param listed who the clients with these keys are that are no user's
     * @param anonymousUser as whom those come who do not log in; empty for nobody
     * @param isPlaintext whether passwords may cross a network readable
     */
    public record Entrance(
            String keyFile, String clientsFile, Identity listed, String anonymousUser, boolean isPlaintext) {}

    /** What the peers of a listener work with. */
    TopicRef topicOf(Role role) {
        return switch (role) {
            case ROUTER, DEALER -> topics.requests();
            case XSUB, XPUB -> topics.pubsub();
            case PULL, PUSH -> topics.pipeline();
        };
    }

    /** As {@code values} say; what they say nothing of, topics have of {@code base}. */
    static ZmtpSettings of(SettingValues values, TopicSettings base) {
        return new ZmtpSettings(
                new Topics(
                        topic(values, "requests", TopicKind.QUEUE, base),
                        topic(values, "pubsub", TopicKind.LOG, base),
                        topic(values, "pipeline", TopicKind.QUEUE, base)),
                values.number("zmtp.heartbeat"),
                values.flag("zmtp.router.take-over"),
                new Workers(values.integer("zmtp.dealer.credit"), values.flag("zmtp.dealer.redeliver")),
                new Pullers(values.integer("zmtp.push.credit"), values.integer("zmtp.push.redeliver-window")),
                new Subscribers(
                        values.text("zmtp.xpub.overflow").equals("drop") ? SlowTap.DROP : SlowTap.BLOCK,
                        values.integer("zmtp.xpub.subscriptions-max")),
                new Entrance(
                        values.text(ZmtpRows.CURVE_KEY),
                        values.text(ZmtpRows.CURVE_CLIENTS),
                        Objects.requireNonNull(ZmtpRows.listed(values), "checked with the settings"),
                        DeclaredListener.anonymousUser(values, Role.TRANSPORT),
                        DeclaredListener.isPlaintext(values, Role.TRANSPORT)));
    }

    private static TopicRef topic(SettingValues values, String pattern, TopicKind kind, TopicSettings base) {
        Durability durability = Objects.requireNonNull(
                Durability.of(values.text(ZmtpRows.durabilityKey(pattern))), "the table has a word that topics lack");
        TopicSettings made = base.with(TopicSettings.KIND, kind)
                .with(TopicSettings.DURABILITY, durability)
                .with(TopicSettings.PARTITIONS, 1)
                .with(TopicSettings.OVERFLOW, Overflow.BLOCK);
        return new TopicRef(values.text(ZmtpRows.topicKey(pattern)), made);
    }
}
