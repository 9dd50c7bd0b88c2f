/** The terminal client and the bot: a pure core and the loop that owns the sockets. */
@NullMarked
package dev.recado.apps.messaging.client;

import org.jspecify.annotations.NullMarked;
