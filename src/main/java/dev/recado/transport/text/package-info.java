/** The text protocol: pure codec, pure session, thin verticle. */
@NullMarked
package dev.recado.transport.text;

import org.jspecify.annotations.NullMarked;
