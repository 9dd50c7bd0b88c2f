package dev.recado.transport.text;

import dev.recado.base.ByteGauge;
import dev.recado.base.TimeSource;
import dev.recado.broker.Broker;
import dev.recado.transport.ByteBudget;
import dev.recado.transport.Wire;
import dev.recado.transport.WireSession;
import java.util.UUID;
import java.util.function.Function;
import java.util.function.Supplier;

/** The text protocol for the connections of one loop, without a listener. */
public final class TextOpening {

    private static final int MIB = 1 << 20;

    private TextOpening() {}

    /** Opens sessions of {@code broker}, in which everybody may do everything. */
    public static Function<Wire, WireSession> of(Broker broker, TimeSource time, Supplier<UUID> uuids) {
        TextEnvironment environment = new TextEnvironment(
                broker,
                Stage.OPEN,
                Stage.DEFAULT,
                time,
                new ByteBudget(64L * MIB).lender(),
                uuids,
                new LoopBuffers(ByteGauge.NONE, new BrowseBudget(MIB), new ByteBudget(MIB)));
        return wire -> new TextSession(environment, wire);
    }
}
