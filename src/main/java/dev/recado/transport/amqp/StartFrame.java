package dev.recado.transport.amqp;

import dev.recado.base.ByteWriter;
import dev.recado.transport.amqp.wire.ServerMethods;
import dev.recado.transport.amqp.wire.TableBuilder;

/**
 * The {@code connection.start} with which every connection is greeted, encoded once: what the broker is and which
 * extensions it knows. A capability is told only where its method is sent or taken.
 */
final class StartFrame {

    /** The mechanism of clients that are known by their certificates. */
    static final String EXTERNAL = "EXTERNAL";

    /** That of clients that do not say who they are. */
    static final String ANONYMOUS = "ANONYMOUS";

    private static final String MECHANISMS = "PLAIN AMQPLAIN";
    private static final String LOCALES = "en_US";
    /** Clients choose what they do by it; the capabilities are those of this one. */
    private static final String VERSION_OF_PEERS = "3.13.0";

    private final byte[] frame;
    private final byte[] frameForCertificates;

    /** {@code version} is the broker's own; {@code takesAnonymous}: whether some may come without a login. */
    StartFrame(String version, boolean takesAnonymous) {
        TableBuilder capabilities = new TableBuilder()
                .flag("publisher_confirms", true)
                .flag("exchange_exchange_bindings", true)
                .flag("basic.nack", true)
                .flag("consumer_cancel_notify", true)
                .flag("connection.blocked", true)
                .flag("consumer_priorities", true)
                .flag("authentication_failure_close", true)
                .flag("per_consumer_qos", true)
                .flag("direct_reply_to", true);
        TableBuilder properties = new TableBuilder()
                .table("capabilities", capabilities)
                .text("product", "Recado")
                .text("version", VERSION_OF_PEERS)
                .text("platform", version)
                .text("information", "A message broker in one JAR");
        String mechanisms = takesAnonymous ? MECHANISMS + " " + ANONYMOUS : MECHANISMS;
        frame = frame(properties, mechanisms);
        frameForCertificates = frame(properties, mechanisms + " " + EXTERNAL);
    }

    private static byte[] frame(TableBuilder properties, String mechanisms) {
        ByteWriter out = new ByteWriter(512);
        ServerMethods.putStart(out, properties, mechanisms, LOCALES);
        return out.toByteArray();
    }

    /** {@code isKnown}: whether the client has shown a certificate that stands for a user. */
    void put(ByteWriter out, boolean isKnown) {
        out.put(isKnown ? frameForCertificates : frame);
    }
}
