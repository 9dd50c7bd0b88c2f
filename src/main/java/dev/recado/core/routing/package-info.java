/** How a publish finds its topics: exchanges, bindings, patterns. */
@NullMarked
package dev.recado.core.routing;

import org.jspecify.annotations.NullMarked;
