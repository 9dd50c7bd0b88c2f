/** A folder of images, filtered by many workers over a pipeline: divide and conquer. */
@NullMarked
package dev.recado.apps.divide;

import org.jspecify.annotations.NullMarked;
