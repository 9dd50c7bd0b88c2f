package dev.recado.transport;

import io.netty.channel.Channel;
import io.netty.channel.ChannelException;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.unix.RawUnixChannelOption;
import io.netty.channel.uring.IoUringSocketChannel;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
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

    /** {@code IPPROTO_TCP} and {@code TCP_INFO} of linux/tcp.h, and the bytes of its struct that are read. */
    private static final RawUnixChannelOption TCP_INFO = new RawUnixChannelOption("TCP_INFO", 6, 11, 104);

    /** Places in that struct: {@code tcpi_probes} and {@code tcpi_backoff} are bytes, the others unsigned integers. */
    private static final int PROBES = 3;

    private static final int BACKOFF = 4;
    private static final int UNACKED = 24;
    private static final int LAST_ACK_RECV = 56;
    private static final int TOTAL_RETRANS = 100;

    /** Asks the kernel; null where the system does not tell, or the socket is closed. */
    static @Nullable TcpFigures of(Channel channel) {
        boolean tells = channel instanceof EpollSocketChannel || channel instanceof IoUringSocketChannel;
        if (!tells || !channel.isOpen()) {
            return null;
        }
        ByteBuffer info;
        try {
            info = channel.config().getOption(TCP_INFO);
        } catch (ChannelException closedMeanwhile) {
            return null;
        }
        if (info == null || info.limit() < TCP_INFO.length()) {
            return null;
        }
        info.order(ByteOrder.nativeOrder());
        return new TcpFigures(
                Integer.toUnsignedLong(info.getInt(LAST_ACK_RECV)),
                Integer.toUnsignedLong(info.getInt(UNACKED)),
                info.get(BACKOFF) & 0xff,
                info.get(PROBES) & 0xff,
                Integer.toUnsignedLong(info.getInt(TOTAL_RETRANS)));
    }

    /** Whether the other kernel has everything that ours was given. */
    public boolean tookAll() {
        return unacked == 0 && backoff == 0;
    }
}
