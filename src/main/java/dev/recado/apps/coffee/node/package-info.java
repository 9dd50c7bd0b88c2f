/** Processes of the coffee shop that live on AMQP: workers of the stages and aggregators, and how they are joined. */
@NullMarked
package dev.recado.apps.coffee.node;

import org.jspecify.annotations.NullMarked;
