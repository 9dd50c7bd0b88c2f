/** How a publish finds its topics: exchanges, bindings, patterns; and prefixes, what of a topic somebody wants. */
@NullMarked
package dev.recado.core.routing;

import org.jspecify.annotations.NullMarked;
