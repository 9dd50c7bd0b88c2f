package dev.recado.transport;

import dev.recado.base.TimeSource;

/** Time that moves when it is told to. */
public final class FakeClock implements TimeSource {

    public long nowMs = 1_000;

    @Override
    public long wallMs() {
        return FakeBroker.PUBLISH_TIME_MS + nowMs;
    }

    @Override
    public long monotonicMs() {
        return nowMs;
    }
}
