/** Weather of regions over publish and subscribe. */
@NullMarked
package dev.recado.apps.weather;

import org.jspecify.annotations.NullMarked;
