package dev.recado.load.zmtp;

/** Where simulations begin: {@code zmtp().sharePushSockets(4)}, {@code zmtp("push").push(100)}. */
public final class ZmtpDsl {

    private ZmtpDsl() {}

    /** The protocol of a simulation, with defaults. */
    public static ZmtpProtocol zmtp() {
        return ZmtpProtocol.withDefaults();
    }

    /** A request, by the name that the report shows. */
    public static ZmtpRequest zmtp(String name) {
        return new ZmtpRequest(name);
    }
}
