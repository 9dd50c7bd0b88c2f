/** The grammar of ZMTP 3.1 (https://rfc.zeromq.org/spec/37/) without sockets: greeting, frames, commands. */
@NullMarked
package dev.recado.transport.zmtp.wire;

import org.jspecify.annotations.NullMarked;
