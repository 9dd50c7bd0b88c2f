/** The CURVE mechanism of ZMTP, server side: keys, handshake, sealed messages; pure. */
@NullMarked
package dev.recado.transport.zmtp.curve;

import org.jspecify.annotations.NullMarked;
