package dev.recado.transport.amqp;

import dev.recado.base.Refusal;
import dev.recado.transport.amqp.wire.MethodId;
import dev.recado.transport.amqp.wire.ReplyCode;
import org.jspecify.annotations.Nullable;

/**
 * Why a channel, or the whole connection, ends.
 *
 * @param detail what stands behind the name of the code
 * @param culprit the method that is to blame; null where it is none
 */
record AmqpError(ReplyCode code, String detail, @Nullable MethodId culprit) {

    static AmqpError of(ReplyCode code, String detail, @Nullable MethodId culprit) {
        return new AmqpError(code, detail, culprit);
    }

    static AmqpError notFound(String detail, MethodId culprit) {
        return of(ReplyCode.NOT_FOUND, detail, culprit);
    }

    static AmqpError accessRefused(String detail, MethodId culprit) {
        return of(ReplyCode.ACCESS_REFUSED, detail, culprit);
    }

    static AmqpError precondition(String detail, MethodId culprit) {
        return of(ReplyCode.PRECONDITION_FAILED, detail, culprit);
    }

    static AmqpError notImplemented(String detail, MethodId culprit) {
        return of(ReplyCode.NOT_IMPLEMENTED, detail, culprit);
    }

    /** The exchange without a name is as it is. */
    static AmqpError defaultExchange(MethodId culprit) {
        return accessRefused("operation not permitted on the default exchange", culprit);
    }

    /** {@code queue} has a consumer beside which there is no other. */
    static AmqpError exclusiveUse(String queue, MethodId culprit) {
        return accessRefused(queue + " in exclusive use", culprit);
    }

    /** {@code what} has a name that only the broker gives. */
    static AmqpError reserved(String what, String name, MethodId culprit) {
        return accessRefused(
                what + " name '" + name + "' contains reserved prefix '" + StandardExchanges.RESERVED + "*'", culprit);
    }

    /** {@code what} is declared again, and not as it is; the values are shown as they are given. */
    static AmqpError inequivalent(String argument, String what, String received, String current, MethodId culprit) {
        return precondition(
                "inequivalent arg '" + argument + "' for " + what + ": received " + received + " but current is "
                        + current,
                culprit);
    }

    /** What the broker refuses, in the words of the protocol. */
    static AmqpError of(Refusal refusal, MethodId culprit) {
        ReplyCode code =
                switch (refusal.code()) {
                    case TOPIC_NOT_FOUND, GROUP_NOT_FOUND, EXCHANGE_NOT_FOUND, NOT_FOUND -> ReplyCode.NOT_FOUND;
                    case NOT_AUTHORIZED, NOT_AUTHENTICATED, GROUP_FULL, NAME_IN_USE -> ReplyCode.ACCESS_REFUSED;
                    case STOPPING, SESSION_CLOSED, SESSION_REPLACED -> ReplyCode.CONNECTION_FORCED;
                    default -> ReplyCode.PRECONDITION_FAILED;
                };
        return of(code, refusal.detail(), culprit);
    }

    /** Whether the connection ends, or the channel alone. */
    boolean endsConnection() {
        return code.ends() == ReplyCode.Ends.CONNECTION;
    }

    /** As a close tells it. */
    String text() {
        return code.text(detail);
    }
}
