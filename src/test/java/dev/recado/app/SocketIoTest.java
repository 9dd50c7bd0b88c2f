package dev.recado.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.channel.Channel;
import io.netty.channel.ChannelFactory;
import io.netty.channel.IoHandle;
import io.netty.channel.IoHandler;
import io.netty.channel.IoHandlerContext;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.IoRegistration;
import io.netty.channel.ServerChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.DatagramChannel;
import io.netty.channel.socket.InternetProtocolFamily;
import io.vertx.core.VertxOptions;
import io.vertx.core.transport.Transport;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SocketIoTest {

    private static final int LOOPS = 2;

    /** A transport of which only so many rings are to be had. */
    private static final class Scarce implements Transport, io.vertx.core.spi.transport.Transport {
        private final int rings;
        private final AtomicInteger open = new AtomicInteger();
        private final IoHandlerFactory real = NioIoHandler.newFactory();

        Scarce(int rings) {
            this.rings = rings;
        }

        @Override
        public String name() {
            return "scarce";
        }

        @Override
        public boolean available() {
            return true;
        }

        @Override
        public Throwable unavailabilityCause() {
            return null;
        }

        @Override
        public io.vertx.core.spi.transport.Transport implementation() {
            return this;
        }

        @Override
        public IoHandlerFactory ioHandlerFactory() {
            return executor -> {
                if (open.get() == rings) {
                    throw new IllegalStateException("no ring is left");
                }
                open.incrementAndGet();
                return new Ring(real.newHandler(executor), open);
            };
        }

        @Override
        public DatagramChannel datagramChannel() {
            throw new UnsupportedOperationException();
        }

        @Override
        @SuppressWarnings("deprecation") // Vert.x' interface names it.
        public DatagramChannel datagramChannel(InternetProtocolFamily family) {
            throw new UnsupportedOperationException();
        }

        @Override
        public ChannelFactory<? extends Channel> channelFactory(boolean domainSocket) {
            throw new UnsupportedOperationException();
        }

        @Override
        public ChannelFactory<? extends ServerChannel> serverChannelFactory(boolean domainSocket) {
            throw new UnsupportedOperationException();
        }
    }

    private record Ring(IoHandler real, AtomicInteger open) implements IoHandler {
        @Override
        public void initialize() {
            real.initialize();
        }

        @Override
        public int run(IoHandlerContext context) {
            return real.run(context);
        }

        @Override
        public void prepareToDestroy() {
            real.prepareToDestroy();
        }

        @Override
        public void destroy() {
            real.destroy();
            open.decrementAndGet();
        }

        @Override
        public IoRegistration register(IoHandle handle) throws Exception {
            return real.register(handle);
        }

        @Override
        public void wakeup() {
            real.wakeup();
        }

        @Override
        public boolean isCompatible(Class<? extends IoHandle> handleType) {
            return real.isCompatible(handleType);
        }
    }

    private static VertxOptions options() {
        return new VertxOptions().setEventLoopPoolSize(LOOPS).setFileSystemOptions(RecadoNode.NO_FILES);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, LOOPS})
    void shouldLeaveNothingOpenOfWhatIsNotThereForAllLoops(int rings) {
        // Given
        Scarce scarce = new Scarce(rings);
        // When
        SocketIo found = SocketIo.open("io_uring", options(), name -> name.equals("io_uring") ? scarce : Transport.NIO);
        // Then
        assertThat(found.name()).isEqualTo("epoll");
        assertThat(found.refusals()).containsExactly("io_uring: no ring is left");
        assertThat(scarce.open).hasValue(0);
        found.vertx().close().toCompletionStage().toCompletableFuture().join();
    }

    @Test
    void shouldSayWhatToLookAtWhereNothingIsToBeHad() {
        Scarce scarce = new Scarce(1);
        assertThatThrownBy(() -> SocketIo.open("epoll", options(), name -> scarce))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("ulimit -n")
                .hasMessageContaining("[epoll: no ring is left, nio: no ring is left]");
        assertThat(scarce.open).hasValue(0);
    }
}
