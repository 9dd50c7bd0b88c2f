/** What starts all parts of the application as processes, starts them again when they die, and stops them. */
@NullMarked
package dev.recado.apps.messaging.up;

import org.jspecify.annotations.NullMarked;
