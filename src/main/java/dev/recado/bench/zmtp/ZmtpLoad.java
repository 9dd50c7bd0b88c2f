package dev.recado.bench.zmtp;

import dev.recado.bench.LoadPlan;
import dev.recado.bench.LoadPlan.Address;
import dev.recado.bench.LoadPlan.Endpoints;
import dev.recado.bench.LoadTransport;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.List;
import java.util.Map;

/**
 * Load over ZMTP. Groups of consumers share work: publishers push and consumers pull. Taps get everything: publishers
 * publish and consumers subscribe.
 */
public final class ZmtpLoad implements LoadTransport {

    private static final String HERE = "127.0.0.1";
    private static final Endpoints PIPELINE = new Endpoints(new Address(HERE, 5559), new Address(HERE, 5560));
    private static final Endpoints PUBSUB = new Endpoints(new Address(HERE, 5557), new Address(HERE, 5558));
    private static final int CONNECT_MS = 5_000;

    @Override
    public String name() {
        return "zmtp";
    }

    @Override
    public boolean hasTopics() {
        return false;
    }

    @Override
    public List<String> kinds() {
        return List.of();
    }

    @Override
    public Endpoints endpoints(boolean tap) {
        return tap ? PUBSUB : PIPELINE;
    }

    /** There is nothing to make; that somebody listens is seen here, so that it is told in one line. */
    @Override
    public void prepare(LoadPlan plan) throws IOException {
        Endpoints endpoints = plan.setup().endpoints();
        for (Address address : List.of(endpoints.publishers(), endpoints.consumers())) {
            try (Socket probe = new Socket()) {
                probe.connect(new InetSocketAddress(address.host(), address.port()), CONNECT_MS);
            }
        }
    }

    /** The protocol has no words for deleting or for figures. */
    @Override
    public Map<String, String> finish(LoadPlan plan, long limitMs) {
        return Map.of();
    }

    @Override
    public PublishEncoder publisher(LoadPlan plan, int publisher) {
        return new ZmtpPublishEncoder(plan, publisher, publishing(plan));
    }

    @Override
    public ConfirmDecoder confirms(LoadPlan plan) {
        return new ZmtpConfirmDecoder(plan, publishing(plan));
    }

    @Override
    public ConsumerCodec consumer(LoadPlan plan, int group, int member) {
        return new ZmtpConsumerCodec(plan);
    }

    private static SocketType publishing(LoadPlan plan) {
        return plan.consuming().tap() ? SocketType.PUB : SocketType.PUSH;
    }
}
