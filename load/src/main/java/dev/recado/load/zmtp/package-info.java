/** ZMTP for Gatling: a codec, sockets on Netty, and the requests that simulations are made of. */
@NullMarked
package dev.recado.load.zmtp;

import org.jspecify.annotations.NullMarked;
