#!/usr/bin/env bash
# Netty: a task that goes on by handing itself to its event loop again, and the sockets of that loop.
# Exit code: 0 as recorded, 1 it behaves otherwise, 3 it could not be tried. About 35 s.
before=4.1.137.Final
now=4.2.12.Final
set -u
umask 077

dir=$(mktemp -d)
trial=
end() {
    if [ -n "$trial" ]; then
        kill "$trial" 2>/dev/null
        wait "$trial" 2>/dev/null
    fi
    rm -rf "$dir"
}
trap end EXIT
trap 'exit 130' INT TERM

not_tried() {
    echo "NOT TRIED: $1"
    exit 3
}

for tool in java javac mvn timeout; do
    command -v "$tool" >/dev/null || not_tried "$tool is needed and not there"
done
for version in $before $now; do
    mkdir "$dir/$version"
    cat >"$dir/$version/pom.xml" <<POM
<project>
  <modelVersion>4.0.0</modelVersion>
  <groupId>finding</groupId>
  <artifactId>finding</artifactId>
  <version>1</version>
  <dependencies>
    <dependency>
      <groupId>io.netty</groupId>
      <artifactId>netty-transport</artifactId>
      <version>$version</version>
    </dependency>
  </dependencies>
</project>
POM
    timeout 60 mvn -q -B -f "$dir/$version/pom.xml" dependency:copy-dependencies -DoutputDirectory="$dir/$version/lib" \
        >"$dir/log" 2>&1 || not_tried "Netty $version cannot be had: $(tail -1 "$dir/log")"
done

cat >"$dir/Slices.java" <<'JAVA'
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoop;
import io.netty.channel.nio.NioEventLoopGroup;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** An echo server on one event loop, which has a long work to do in slices of 50 microseconds. */
public class Slices {

    static volatile boolean stopped;

    static void slice(EventLoop loop) {
        long until = System.nanoTime() + 50_000;
        while (System.nanoTime() < until) {
            Thread.onSpinWait();
        }
        if (!stopped) {
            loop.execute(() -> slice(loop));
        }
    }

    public static void main(String[] arguments) throws Exception {
        NioEventLoopGroup group = new NioEventLoopGroup(1);
        Channel server = new ServerBootstrap()
                .group(group)
                .channel(NioServerSocketChannel.class)
                .childHandler(new ChannelInitializer<Channel>() {
                    @Override
                    protected void initChannel(Channel channel) {
                        channel.pipeline().addLast(new ChannelInboundHandlerAdapter() {
                            @Override
                            public void channelRead(ChannelHandlerContext context, Object message) {
                                context.writeAndFlush(message);
                            }
                        });
                    }
                })
                .bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
                .sync()
                .channel();
        List<Long> micros = new ArrayList<>();
        try (Socket client = new Socket()) {
            client.connect(server.localAddress());
            client.setTcpNoDelay(true);
            client.setSoTimeout(10_000);
            ask(client);
            EventLoop loop = (EventLoop) group.next();
            loop.execute(() -> slice(loop));
            long until = System.nanoTime() + 5_000_000_000L;
            while (System.nanoTime() < until && micros.size() < 500) {
                long began = System.nanoTime();
                ask(client);
                micros.add((System.nanoTime() - began) / 1_000);
            }
            stopped = true;
        }
        group.shutdownGracefully().sync();
        Collections.sort(micros);
        System.out.println(micros.size() + " " + micros.get(micros.size() / 2) / 1_000.0);
    }

    static void ask(Socket client) throws Exception {
        client.getOutputStream().write('x');
        if (client.getInputStream().read() != 'x') {
            throw new IllegalStateException("no echo");
        }
    }
}
JAVA

run() {
    local version=$1
    shift
    mkdir -p "$dir/$version/out"
    javac -nowarn -Xlint:none -cp "$dir/$version/lib/*" -d "$dir/$version/out" "$dir/Slices.java" 2>"$dir/log" ||
        not_tried "it does not compile against Netty $version: $(head -1 "$dir/log")"
    timeout 30 java "$@" -cp "$dir/$version/lib/*:$dir/$version/out" Slices >"$dir/seen" 2>"$dir/log" &
    trial=$!
    wait "$trial" || not_tried "the trial failed: $(tail -1 "$dir/log")"
    trial=
    read -r trips median <"$dir/seen"
}

echo "Netty $before and $now, NIO, one event loop, OpenJDK $(java -version 2>&1 | sed -n '1s/.*"\(.*\)".*/\1/p')"
echo "Guess: a task that hands itself to its loop again after each slice lets the loop serve its sockets in between:"
echo "a client's round trip takes about as long as a few slices of 50 microseconds, with either version."
run "$before"
echo "seen: $before: $trips round trips in at most 5 s, median $median ms"
old=$median
run "$now"
echo "seen: $now: $trips round trips in at most 5 s, median $median ms"
new=$median
run "$now" -Dio.netty.eventLoop.maxTaskProcessingQuantumMs=1
echo "seen: $now with -Dio.netty.eventLoop.maxTaskProcessingQuantumMs=1: $trips round trips, median $median ms"
echo "Behaviour: 4.2 runs tasks until none is left, those that came meanwhile too, for up to a second before it looks at"
echo "its sockets, and for a tenth of a second where a smaller quantum is set; 4.1 gives tasks as much time as its"
echo "sockets took."
if awk -v old="$old" -v new="$new" -v set="$median" 'BEGIN { exit !(old < 50 && new > 300 && set > 50 && set < 300) }'; then
    echo "AS RECORDED"
else
    echo "OTHERWISE"
    exit 1
fi
