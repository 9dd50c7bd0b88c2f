/** Files of the coffee shop: read with the line named where they are wrong, generated, and written as answers. */
@NullMarked
package dev.recado.apps.coffee.csv;

import org.jspecify.annotations.NullMarked;
