/** AMQP 0-9-1 for Gatling: RabbitMQ's Java client, confirmations, deliveries, and the requests of simulations. */
@NullMarked
package dev.recado.load.amqp;

import org.jspecify.annotations.NullMarked;
