/** The client's side of the text protocol: commands to bytes, bytes to replies and pushes; pure. */
@NullMarked
package dev.recado.transport.text.wire;

import org.jspecify.annotations.NullMarked;
