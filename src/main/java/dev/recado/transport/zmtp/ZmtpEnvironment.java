package dev.recado.transport.zmtp;

import dev.recado.base.ByteGauge;
import dev.recado.base.ByteWriter;
import dev.recado.base.TimeSource;
import dev.recado.broker.Broker;
import dev.recado.security.Authenticator;
import dev.recado.transport.ByteBudget;
import dev.recado.transport.Lender;
import dev.recado.transport.LoopScratch;
import dev.recado.transport.PeerLog;
import dev.recado.transport.SessionSettings;
import org.jspecify.annotations.Nullable;

/**
 * What the sessions of one listener on one event loop have in common: ports, settings, and scratch in which none keeps
 * anything from one call to the next. Owned by its loop.
 */
final class ZmtpEnvironment {

    /** What the largest message leaves behind at most. */
    private static final int KEPT_BYTES_MAX = 512 * 1024;

    final Broker broker;
    final ZmtpSettings settings;
    final SessionSettings sessions;
    final TimeSource time;
    final Lender assembly;
    /** Answers that wait for clients of all loops. */
    final ByteBudget answers;
    /** Told of the heap that large output of all sessions holds. */
    final ByteGauge large;
    /** What holds for all handshakes. */
    final Handshake.Terms terms;

    /** What the listener's peers work with. */
    final ZmtpSettings.TopicRef topic;

    final PeerLog log;
    final Parts parts = new Parts();
    /** In which no session keeps anything from one call to the next. */
    final LoopScratch scratch = new LoopScratch();

    private final ByteWriter sealed = new ByteWriter(64);
    private final ByteWriter opened = new ByteWriter(64);

    /** What its sessions speak to. */
    record Ports(Broker broker, Authenticator authenticator, TimeSource time) {}

    /** Where its sessions have memory from: for messages that come, for answers that wait, for large output. */
    record Memory(Lender assembly, ByteBudget answers, ByteGauge large) {}

    ZmtpEnvironment(
            Role role,
            Ports ports,
            ZmtpSettings settings,
            SessionSettings sessions,
            Memory memory,
            Curve.@Nullable Keys curve,
            boolean takesPasswords) {
        log = new PeerLog("zmtp", role.listener());
        topic = settings.topicOf(role);
        broker = ports.broker();
        terms = new Handshake.Terms(
                role,
                ports.authenticator(),
                who -> EndpointTopic.admission(ports.broker(), topic, role, who),
                curve,
                settings.entrance().anonymousUser(),
                takesPasswords);
        time = ports.time();
        assembly = memory.assembly();
        answers = memory.answers();
        large = memory.large();
        this.settings = settings;
        this.sessions = sessions;
    }

    /** Nothing large of a message stays behind, in the scratch of each listener and loop. */
    void trim() {
        scratch.trim();
        parts.trim();
        freshSealed();
    }

    /** What becomes of the output of a secure channel, emptied. */
    ByteWriter freshSealed() {
        sealed.clear(KEPT_BYTES_MAX);
        return sealed;
    }

    /** Where a frame of a secure channel is opened, emptied; not the scratch, which whoever takes the frame uses. */
    ByteWriter freshOpened() {
        opened.clear(KEPT_BYTES_MAX);
        return opened;
    }
}
