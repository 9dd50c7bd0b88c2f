package dev.recado.security;

import java.net.InetAddress;
import java.net.UnknownHostException;

/** Whom an address stands for: a machine by IPv4, a network of 64 bits by IPv6, of which one machine has all. */
public final class PeerAddress {

    private static final int NETWORK_BYTES = 8;

    private PeerAddress() {}

    /** Of an address as sessions show it, {@code 127.0.0.1:51234} or {@code [::1]:51234}; empty stays empty. */
    public static String of(String peer) {
        int bracket = peer.lastIndexOf(']');
        int colon = peer.lastIndexOf(':');
        boolean isV6 = bracket > 0 || peer.indexOf(':') != colon;
        if (!isV6) {
            return colon < 0 ? peer : peer.substring(0, colon);
        }
        String host = peer.startsWith("[") && bracket > 0 ? peer.substring(1, bracket) : peer.substring(0, colon);
        int zone = host.indexOf('%');
        return network(zone < 0 ? host : host.substring(0, zone));
    }

    private static String network(String host) {
        if (!host.chars().allMatch(c -> c == ':' || c == '.' || Character.digit(c, 16) >= 0)) {
            return host; // a name, which nobody is asked about
        }
        try {
            byte[] bytes = InetAddress.getByName(host).getAddress();
            if (bytes.length == 4) {
                return InetAddress.getByAddress(bytes).getHostAddress();
            }
            byte[] network = new byte[bytes.length];
            System.arraycopy(bytes, 0, network, 0, NETWORK_BYTES);
            return InetAddress.getByAddress(network).getHostAddress() + "/64";
        } catch (UnknownHostException e) {
            return host;
        }
    }
}
