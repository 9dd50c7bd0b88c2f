/** Example applications, which speak to the broker over ZeroMQ as anybody's program would, and what they share. */
@NullMarked
package dev.recado.apps;

import org.jspecify.annotations.NullMarked;
