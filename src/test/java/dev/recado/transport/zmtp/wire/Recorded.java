package dev.recado.transport.zmtp.wire;

import java.util.HexFormat;

/** What libzmq 4.3.4 (pyzmq) said on the wire to another libzmq, recorded between the two. */
public final class Recorded {

    private static final String FILLER_31 = "00".repeat(31);
    private static final String NULL_GREETING =
            "ff00000000000000017f0301" + "4e554c4c" + "00".repeat(16) + "00" + FILLER_31;
    private static final String PLAIN_GREETING =
            "ff00000000000000017f0301" + "504c41494e" + "00".repeat(15) + "00" + FILLER_31;
    private static final String READY = "055245414459" + "0b536f636b65742d54797065";

    /** PUSH: {@code [key][][x * 300]}, then {@code [one]}. */
    public static final byte[] PUSH = hex(NULL_GREETING + "041a" + READY + "0000000450555348" + "01036b6579" + "0100"
            + "02000000000000012c" + "78".repeat(300) + "00036f6e65");

    /** SUB: subscribes to {@code news.} and takes that back. */
    public static final byte[] SUB = hex(NULL_GREETING + "0419" + READY + "00000003535542"
            + "040f095355425343524942456e6577732e" + "040c0643414e43454c6e6577732e");

    /** REQ with the identity alice and heartbeats with a time to live of 3 s: PING, PING, {@code [][q]}, PING. */
    public static final byte[] REQ = hex("ff00000000000000067f" + NULL_GREETING.substring(20) + "042b" + READY
            + "00000003524551" + "084964656e74697479" + "00000005616c696365" + "04070450494e47001e"
            + "04070450494e47001e" + "0100" + "000171" + "04070450494e47001e");

    /** PUSH with PLAIN as guest with the password guest, then {@code [p]}. */
    public static final byte[] PLAIN = hex(PLAIN_GREETING + "0412" + "0548454c4c4f" + "056775657374" + "056775657374"
            + "041d" + "08494e495449415445" + "0b536f636b65742d54797065" + "0000000450555348" + "000170");

    /** ROUTER at the other end of {@link #REQ}: its READY has an empty identity. */
    public static final byte[] ROUTER_READY =
            hex("0429" + READY + "00000006524f55544552" + "084964656e74697479" + "00000000");

    /** PONG to a PING without a context. */
    public static final byte[] PONG = hex("040504504f4e47");

    private Recorded() {}

    public static byte[] hex(String digits) {
        return HexFormat.of().parseHex(digits);
    }
}
