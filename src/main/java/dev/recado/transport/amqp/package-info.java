/** AMQP 0-9-1, as RabbitMQ's clients speak it: pure connection and channels, thin listener. */
@NullMarked
package dev.recado.transport.amqp;

import org.jspecify.annotations.NullMarked;
