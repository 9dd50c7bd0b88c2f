/** The text protocol for Gatling: a codec, a connection on Netty, and the requests that simulations are made of. */
@NullMarked
package dev.recado.load.text;

import org.jspecify.annotations.NullMarked;
