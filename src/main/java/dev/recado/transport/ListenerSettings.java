package dev.recado.transport;

import dev.recado.tls.TlsFiles;
import org.jspecify.annotations.Nullable;

/**
 * Where and how a listener accepts.
 *
 * @param port 0 picks a free one
 * @param acceptBacklog connections that may wait to be accepted
 * @param tls what makes it a listener of TLS; null where it is none
 */
public record ListenerSettings(
        String host, int port, int acceptBacklog, @Nullable TlsFiles tls) {}
