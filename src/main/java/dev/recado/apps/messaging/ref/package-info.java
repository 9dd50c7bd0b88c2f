/** The reference server: ranks, living servers and their expiry. */
@NullMarked
package dev.recado.apps.messaging.ref;

import org.jspecify.annotations.NullMarked;
