package dev.recado.bench;

import dev.recado.base.ByteWriter;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A protocol that load can be made over; found by {@link java.util.ServiceLoader}. The engine owns sockets, threads,
 * pacing and measuring; the protocol only writes and reads bytes.
 */
public interface LoadTransport {

    /** The name for {@code --transport}. */
    String name();

    /**
     * Whether clients name topics and groups, are told what became of a publish and acknowledge deliveries. Where not,
     * a listener stands for one topic; what was sent is owed as soon as the broker has read it, and consumers are one
     * group or taps.
     */
    boolean hasTopics();

    /** The kinds of topics that can be asked for, the usual one first; none where there are no topics. */
    List<String> kinds();

    /** Whether publishes may carry numbers by which a broker knows one that is sent again. */
    default boolean numbersPublishes() {
        return false;
    }

    /** What of a plan cannot be said in this protocol, and which option to change, for a person; null for nothing. */
    default @Nullable String cannot(LoadPlan plan) {
        return null;
    }

    /** Where a broker on this machine listens by default, for taps where {@code tap}. */
    LoadPlan.Endpoints endpoints(boolean tap);

    /**
     * Makes the topics of the plan where they are missing. The groups come with the consumers' subscriptions, which all
     * stand before the first publish. Blocks.
     *
     * @throws java.net.ConnectException where no broker answers
     * @throws LoadException where the broker refuses
     */
    void prepare(LoadPlan plan) throws IOException;

    /**
     * Deletes what was made for this run only, and answers the broker's own figures. Blocks up to {@code limitMs}.
     */
    Map<String, String> finish(LoadPlan plan, long limitMs) throws IOException;

    /** What one publisher writes; used by one thread. */
    PublishEncoder publisher(LoadPlan plan, int publisher);

    /** What one publisher's connection reads, for one connection; used by one thread. */
    ConfirmDecoder confirms(LoadPlan plan);

    /** One consumer's connection, for one connection; used by one thread. */
    ConsumerCodec consumer(LoadPlan plan, int group, int member);

    /** Writes what a publisher says. */
    interface PublishEncoder {

        /** The first words of a connection; the next message is {@code nextSequence}. */
        void greet(long nextSequence, ByteWriter out);

        /** One message. */
        void publish(long sequence, long intendedNanos, ByteWriter out);

        /** A sign of life of one that has written nothing for a while, where the protocol asks for that. */
        default void keepAlive(ByteWriter out) {}

        /** Asks for a sign that everything before it was handled; see {@link ConfirmEvents#onFinished()}. */
        void finish(ByteWriter out);
    }

    /** Reads what the broker answers to a publisher. */
    interface ConfirmDecoder {

        /** Reads every complete frame between two indices and answers where the first incomplete one begins. */
        int read(byte[] bytes, int from, int to, ConfirmEvents events);

        /** How many bytes the incomplete frame needs at least. */
        int neededBytes();
    }

    /** What the broker answered to a publisher. */
    interface ConfirmEvents {

        /** The first words are answered: messages may follow. */
        void onReady();

        /** The next {@code count} messages are stored. */
        void onStored(long count);

        /** One message was refused: the next one without an answer; {@code certain} unless it may be stored. */
        void onRefused(boolean certain, String why);

        /** The sign that {@link PublishEncoder#finish} asked for. */
        void onFinished();

        /** The connection is of no more use. */
        void onFailed(String why);
    }

    /** Speaks for a consumer. */
    interface ConsumerCodec {

        /** The first words of a connection. */
        void greet(ByteWriter out);

        /**
         * Reads every complete frame between two indices, answers where the first incomplete one begins, and appends
         * the acknowledgements to {@code out}.
         */
        int read(byte[] bytes, int from, int to, DeliveryEvents events, ByteWriter out);

        /** How many bytes the incomplete frame needs at least. */
        int neededBytes();
    }

    /** What the broker said to a consumer. */
    interface DeliveryEvents {

        /** The offset of a delivery whose place the protocol does not tell. */
        long NO_OFFSET = -1;

        /** Everything is subscribed. */
        void onReady();

        /**
         * A delivery, whose payload lies between two indices.
         *
         * @param topic from 0
         * @param partition from 0
         * @param offset its place, or {@link #NO_OFFSET} in all deliveries of a run
         * @param attempt 1 for the first
         */
        void onDelivery(int topic, int partition, long offset, int attempt, byte[] bytes, int from, int to);

        /** The connection is of no more use. */
        void onFailed(String why);
    }
}
