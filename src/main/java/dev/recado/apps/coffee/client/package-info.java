/** The client of the coffee shop: reads files, sends them to a gateway, writes what it answers. */
@NullMarked
package dev.recado.apps.coffee.client;

import org.jspecify.annotations.NullMarked;
