/** What starts the whole coffee shop as processes with their monitors, shows how they are, and stops them. */
@NullMarked
package dev.recado.apps.coffee.up;

import org.jspecify.annotations.NullMarked;
