/** The Java client and its reconnect logic. */
@NullMarked
package dev.recado.client;

import org.jspecify.annotations.NullMarked;
