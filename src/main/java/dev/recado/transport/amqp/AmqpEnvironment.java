package dev.recado.transport.amqp;

import dev.recado.base.ByteGauge;
import dev.recado.base.TimeSource;
import dev.recado.broker.Broker;
import dev.recado.security.Authenticator;
import dev.recado.security.Identity;
import dev.recado.transport.ByteBudget;
import dev.recado.transport.Lender;
import dev.recado.transport.LoopScratch;
import dev.recado.transport.PeerLog;
import dev.recado.transport.TopicCaches;
import java.util.List;
import java.util.UUID;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

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

    /** Who comes by a mechanism that says it without a password; null for nobody, and for other mechanisms. */
    @Nullable
    Identity comesAs(String mechanism, List<String> clientNames) {
        if (mechanism.equals(StartFrame.EXTERNAL)) {
            return authenticator.byCertificate(clientNames);
        }
        String user = settings.anonymousUser();
        return user.isEmpty() || !mechanism.equals(StartFrame.ANONYMOUS) ? null : authenticator.anonymous(user);
    }

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
