/** The envelope of every message of the application, in MessagePack; pure. */
@NullMarked
package dev.recado.apps.messaging.wire;

import org.jspecify.annotations.NullMarked;
