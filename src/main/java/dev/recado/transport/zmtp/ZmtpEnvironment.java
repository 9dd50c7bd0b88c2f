package dev.recado.transport.zmtp;

import dev.recado.base.ByteWriter;
import dev.recado.base.TimeSource;
import dev.recado.broker.Broker;
import dev.recado.core.message.Draft;
import dev.recado.core.message.MessageView;
import dev.recado.security.Authenticator;
import dev.recado.transport.ByteBudget;
import dev.recado.transport.SessionSettings;
import java.util.UUID;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What the sessions of one listener on one event loop have in common: ports, settings, and scratch in which none keeps
 * anything from one call to the next. Owned by its loop.
 */
final class ZmtpEnvironment {

    /** What the largest message leaves behind at most. */
    private static final int KEPT_BYTES_MAX = 512 * 1024;

    final Broker broker;
    final Authenticator authenticator;
    final ZmtpSettings settings;
    final SessionSettings sessions;
    final TimeSource time;
    final ByteBudget assembly;
    /** What clients of all loops may have waiting beyond their own share. */
    final ByteBudget answers;

    final Supplier<UUID> uuids;
    /** Makes the CURVE of one connection; brings null where the broker has no key. */
    final Supplier<@Nullable Curve> curves;

    final Parts parts = new Parts();
    final Draft draft = new Draft();
    final MessageView view = new MessageView();
    private final ByteWriter out = new ByteWriter(16 * 1024);
    private final ByteWriter sealed = new ByteWriter(64);
    private final ByteWriter scratch = new ByteWriter(4 * 1024);

    /** Without {@link #answers}: each client has its own share and no more. */
    ZmtpEnvironment(
            Broker broker,
            Authenticator authenticator,
            ZmtpSettings settings,
            SessionSettings sessions,
            TimeSource time,
            ByteBudget assembly,
            Supplier<UUID> uuids,
            Supplier<@Nullable Curve> curves) {
        this(broker, authenticator, settings, sessions, time, assembly, new ByteBudget(0), uuids, curves);
    }

    ZmtpEnvironment(
            Broker broker,
            Authenticator authenticator,
            ZmtpSettings settings,
            SessionSettings sessions,
            TimeSource time,
            ByteBudget assembly,
            ByteBudget answers,
            Supplier<UUID> uuids,
            Supplier<@Nullable Curve> curves) {
        this.broker = broker;
        this.authenticator = authenticator;
        this.settings = settings;
        this.sessions = sessions;
        this.time = time;
        this.assembly = assembly;
        this.answers = answers;
        this.uuids = uuids;
        this.curves = curves;
    }

    /** The output, emptied. */
    ByteWriter freshOut() {
        out.clear(KEPT_BYTES_MAX);
        return out;
    }

    /** What becomes of the output of a secure channel, emptied. */
    ByteWriter freshSealed() {
        sealed.clear(KEPT_BYTES_MAX);
        return sealed;
    }

    /** The scratch, emptied. */
    ByteWriter freshScratch() {
        scratch.clear(KEPT_BYTES_MAX);
        return scratch;
    }
}
