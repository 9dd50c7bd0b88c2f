/** A server of the application: a pure core, its durable files, and the loop that owns its sockets. */
@NullMarked
package dev.recado.apps.messaging.server;

import org.jspecify.annotations.NullMarked;
