/** The sockets of one process of the application, owned by one thread. */
@NullMarked
package dev.recado.apps.messaging.link;

import org.jspecify.annotations.NullMarked;
