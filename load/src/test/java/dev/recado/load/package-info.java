/** The simulations: what load looks like, one class for each shape. */
@NullMarked
package dev.recado.load;

import org.jspecify.annotations.NullMarked;
