/** Load over AMQP 0-9-1, as any broker of it understands: frames written and read without an object a message. */
@NullMarked
package dev.recado.bench.amqp;

import org.jspecify.annotations.NullMarked;
