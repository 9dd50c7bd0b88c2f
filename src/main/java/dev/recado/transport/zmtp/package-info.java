/** ZMTP, ZeroMQ's protocol: codec, peer and sessions of the roles that a broker between ZeroMQ sockets has. */
@NullMarked
package dev.recado.transport.zmtp;

import org.jspecify.annotations.NullMarked;
