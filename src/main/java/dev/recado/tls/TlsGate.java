package dev.recado.tls;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.DecoderException;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;
import io.netty.util.ReferenceCountUtil;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One connection from its first byte to the end of its handshake: at the end of its channel's pipeline, where the
 * session comes after it. Owned by the connection's loop.
 */
final class TlsGate extends ChannelInboundHandlerAdapter {

    private static final Logger LOG = LoggerFactory.getLogger(TlsGate.class);

    /** How long the words of farewell may take of a client that does not read. */
    private static final long FAREWELL_MS = 1_000;

    private enum State {
        /** Nothing came yet. */
        SILENT,
        /** The first bytes came, and all engines are in use. */
        WAITING,
        SHAKING,
        SECURED,
        /** What was to be said is said, the connection is about to close. */
        ENDING,
        GONE
    }

    private final Handshakes handshakes;
    private final TlsCertificates certificates;
    private final Channel channel;
    private final Handshakes.Outcome outcome;
    private final long deadlineMs;
    private State state = State.SILENT;
    private long heardMs;
    /** What came before its turn. */
    private @Nullable ByteBuf first;

    TlsGate(
            Handshakes handshakes,
            TlsCertificates certificates,
            Channel channel,
            Handshakes.Outcome outcome,
            long deadlineMs) {
        this.handshakes = handshakes;
        this.certificates = certificates;
        this.channel = channel;
        this.outcome = outcome;
        this.deadlineMs = deadlineMs;
    }

    long deadlineMs() {
        return deadlineMs;
    }

    /** When it got its engine. */
    long heardMs() {
        return heardMs;
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        if (state == State.SILENT && message instanceof ByteBuf bytes && bytes.isReadable()) {
            onFirst(bytes);
        } else if (state == State.WAITING && message instanceof ByteBuf bytes && first != null) {
            first = Unpooled.wrappedBuffer(first, bytes); // the end of a read that was under way
        } else {
            ReferenceCountUtil.release(message);
        }
    }

    private void onFirst(ByteBuf bytes) {
        if (!TlsHello.begins(bytes)) {
            bytes.release();
            certificates.onFailed();
            farewell(outcome.onPlain());
            return;
        }
        state = State.WAITING;
        first = bytes;
        channel.config().setAutoRead(false);
        handshakes.enter(this);
    }

    private void farewell(byte[] words) {
        state = State.ENDING;
        channel.writeAndFlush(Unpooled.wrappedBuffer(words)).addListener(ChannelFutureListener.CLOSE);
    }

    /** Its turn has come. */
    void begin(long nowMs) {
        ByteBuf bytes = first;
        if (state != State.WAITING || bytes == null) {
            return;
        }
        first = null;
        state = State.SHAKING;
        heardMs = nowMs;
        SslHandler handler = certificates.handler(channel.alloc());
        handler.setHandshakeTimeoutMillis(0); // see deadlineMs
        handler.setCloseNotifyFlushTimeoutMillis(FAREWELL_MS);
        channel.pipeline().addFirst("tls", handler);
        channel.config().setAutoRead(true);
        channel.pipeline().fireChannelRead(bytes);
        channel.pipeline().fireChannelReadComplete();
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext context, Object event) {
        if (event instanceof SslHandshakeCompletionEvent completion && state == State.SHAKING) {
            if (completion.isSuccess()) {
                state = State.SECURED;
                certificates.onCompleted();
                handshakes.leave(this);
                outcome.onSecured(clientNames(context));
            } else {
                fail(completion.cause());
            }
        }
        ReferenceCountUtil.release(event);
    }

    private static List<String> clientNames(ChannelHandlerContext context) {
        SslHandler handler = context.pipeline().get(SslHandler.class);
        return handler == null ? List.of() : ClientNames.of(handler.engine().getSession());
    }

    private void fail(Throwable cause) {
        giveUp(reason(cause));
    }

    /** The innermost reason: what is around it only says that something was decoded. */
    private static String reason(Throwable cause) {
        Throwable told = cause instanceof DecoderException && cause.getCause() != null ? cause.getCause() : cause;
        String message = told.getMessage();
        return message == null ? told.getClass().getSimpleName() : message;
    }

    /** Ends the connection, with what TLS says to that where there is a TLS already. */
    void giveUp(String reason) {
        if (state == State.SECURED || state == State.ENDING || state == State.GONE) {
            channel.pipeline().firstContext().close();
            return;
        }
        state = State.ENDING;
        certificates.onFailed();
        outcome.onFailed(reason);
        channel.close();
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable failure) {
        if (state == State.SILENT || state == State.WAITING || state == State.SHAKING) {
            LOG.debug("handshake failed listener={}", certificates.listener(), failure);
            fail(failure);
        } else {
            channel.close();
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        gone();
    }

    /** The connection is closed. Idempotent. */
    void gone() {
        if (state == State.GONE || state == State.SECURED) {
            return;
        }
        if (state != State.ENDING) {
            certificates.onFailed();
        }
        state = State.GONE;
        ReferenceCountUtil.release(first);
        first = null;
        handshakes.leave(this);
        outcome.onGone();
    }
}
