/** The gateway of the coffee shop: sessions of clients over TCP, their positions and answers over its own death. */
@NullMarked
package dev.recado.apps.coffee.gateway;

import org.jspecify.annotations.NullMarked;
