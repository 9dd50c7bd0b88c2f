package dev.recado.transport.zmtp;

import dev.recado.base.SettingValues;
import dev.recado.broker.SlowTap;
import dev.recado.core.topic.Durability;
import dev.recado.core.topic.Overflow;
import dev.recado.core.topic.TopicKind;
import dev.recado.core.topic.TopicSettings;
import java.util.Objects;

/**
 * What holds for all ZMTP listeners.
 *
 * @param requests behind the roles ROUTER and DEALER
 * @param pubsub behind XSUB and XPUB
 * @param pipeline behind PULL and PUSH
 * @param heartbeatMs silence after which a peer is pinged; three times of its machine, or 30 of it, end it; 0 never
 * @param takeOver whether a client that comes with an identity in use ends the one that has it
 * @param workerCredit requests that a worker may hold unanswered, 1 to 65,535
 * @param redeliver whether the requests of a REP worker that dies before it answered go to another
 * @param pullerCredit messages on their way to a puller's socket, 1 to 32,768
 * @param redeliverWindow messages of a puller that are sent again should its connection end, 0 to 32,767
 * @param slowSubscriber what happens to the messages of a subscriber that does not take them
 * @param subscriptionsMax prefixes that one subscriber may have
 * @param curveKeyFile the broker's key for CURVE; empty: no CURVE
 * @param curveClientsFile public keys of the clients that may come; empty: any
 */
public record ZmtpSettings(
        TopicRef requests,
        TopicRef pubsub,
        TopicRef pipeline,
        long heartbeatMs,
        boolean takeOver,
        int workerCredit,
        boolean redeliver,
        int pullerCredit,
        int redeliverWindow,
        SlowTap slowSubscriber,
        int subscriptionsMax,
        String curveKeyFile,
        String curveClientsFile) {

    /** A topic in the namespace {@code /}, and how it is made where it is missing. */
    public record TopicRef(String name, TopicSettings settings) {}

    /** As {@code values} say; what they say nothing of, topics have of {@code base}. */
    static ZmtpSettings of(SettingValues values, TopicSettings base) {
        return new ZmtpSettings(
                topic(values, "requests", TopicKind.QUEUE, base),
                topic(values, "pubsub", TopicKind.LOG, base),
                topic(values, "pipeline", TopicKind.QUEUE, base),
                values.number("zmtp.heartbeat"),
                values.flag("zmtp.router.take-over"),
                values.integer("zmtp.dealer.credit"),
                values.flag("zmtp.dealer.redeliver"),
                values.integer("zmtp.push.credit"),
                values.integer("zmtp.push.redeliver-window"),
                values.text("zmtp.xpub.overflow").equals("drop") ? SlowTap.DROP : SlowTap.BLOCK,
                values.integer("zmtp.xpub.subscriptions-max"),
                values.text("zmtp.curve.key-file"),
                values.text("zmtp.curve.clients-file"));
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
