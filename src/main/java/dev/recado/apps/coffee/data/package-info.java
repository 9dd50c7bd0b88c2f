/** Rows of the coffee shop, their tables, exact money and the rules that each row keeps; pure. */
@NullMarked
package dev.recado.apps.coffee.data;

import org.jspecify.annotations.NullMarked;
