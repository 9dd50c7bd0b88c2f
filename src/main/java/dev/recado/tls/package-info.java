/** TLS of listeners: certificates and keys from files, read again when they change, and handshakes. */
@NullMarked
package dev.recado.tls;

import org.jspecify.annotations.NullMarked;
