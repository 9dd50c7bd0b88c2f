package dev.recado.transport.amqp;

import dev.recado.base.ByteGauge;
import dev.recado.base.TimeSource;
import dev.recado.broker.Broker;
import dev.recado.security.Authenticator;
import dev.recado.transport.ByteBudget;
import dev.recado.transport.Lender;
import dev.recado.transport.LoopScratch;
import dev.recado.transport.PeerLog;
import dev.recado.transport.TopicCaches;
import java.util.UUID;
import java.util.function.Supplier;

/** What the AMQP sessions of one event loop have in common. */
record AmqpEnvironment(
        Broker broker,
        Authenticator authenticator,
        AmqpSettings settings,
        TimeSource time,
        Lender assembly,
        Supplier<UUID> uuids,
        Memory memory) {

    /**
     * Scratch of the loop, topics that were named lately, who is told of the heap that large output holds, memory of
     * all loops for answers that wait, what was told lately of connections that the broker ended, and what each is
     * greeted with.
     */
    record Memory(
            LoopScratch scratch,
            TopicCaches topics,
            ByteGauge large,
            ByteBudget replies,
            PeerLog log,
            StartFrame startFrame) {}

    LoopScratch scratch() {
        return memory.scratch;
    }

    PeerLog log() {
        return memory.log;
    }

    StartFrame startFrame() {
        return memory.startFrame;
    }

    TopicCaches topics() {
        return memory.topics;
    }
}
