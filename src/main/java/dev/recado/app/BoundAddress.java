package dev.recado.app;

/**
 * An address at which the broker accepts work.
 *
 * @param name key of the ports file: the listener's settings without {@code .port}, with {@code -} for the first dot
 */
public record BoundAddress(String name, String host, int port) {

    @Override
    public String toString() {
        return name + " " + (host.indexOf(':') < 0 ? host : "[" + host + "]") + ":" + port;
    }
}
