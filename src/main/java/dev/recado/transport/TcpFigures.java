package dev.recado.transport;

import io.netty.channel.Channel;
import io.netty.channel.ChannelException;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.epoll.EpollTcpInfo;
import org.jspecify.annotations.Nullable;

/**
 * What the kernel knows of the other end of a connection, which acknowledges whatever its program does: TCP_INFO of
 * Linux.
 *
 * @param ackedAgoMs since the other kernel acknowledged anything last, an unchanged position too
 * @param unacked segments on their way
 * @param backoff doublings of the time to the next try, above 0 while the other end does not take what waits for it
 * @param probes probes of a full or quiet peer since the last acknowledgement
 * @param resent segments sent again so far
 */
public record TcpFigures(long ackedAgoMs, long unacked, int backoff, int probes, long resent) {

    /** Asks the kernel; null where the system does not tell, or the socket is closed. */
    static @Nullable TcpFigures of(Channel channel) {
        if (!(channel instanceof EpollSocketChannel socket) || !socket.isOpen()) {
            return null;
        }
        try {
            EpollTcpInfo info = socket.tcpInfo();
            return new TcpFigures(
                    info.lastAckRecv(), info.unacked(), info.backoff(), info.probes(), info.totalRetrans());
        } catch (ChannelException closedMeanwhile) {
            return null;
        }
    }

    /** Whether the other kernel has everything that ours was given. */
    public boolean tookAll() {
        return unacked == 0 && backoff == 0;
    }
}
