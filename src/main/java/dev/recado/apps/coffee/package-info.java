/** The analytics of a chain of coffee shops over AMQP, as commands: {@code recado coffee …}. */
@NullMarked
package dev.recado.apps.coffee;

import org.jspecify.annotations.NullMarked;
