/** Messaging with clocks and replicas: the commands of the application, and what starts all its parts. */
@NullMarked
package dev.recado.apps.messaging;

import org.jspecify.annotations.NullMarked;
