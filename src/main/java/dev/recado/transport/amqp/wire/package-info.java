/** The grammar of AMQP 0-9-1 with the extensions of RabbitMQ, without sockets: frames, methods, tables, properties. */
@NullMarked
package dev.recado.transport.amqp.wire;

import org.jspecify.annotations.NullMarked;
