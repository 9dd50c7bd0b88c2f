/** Who you are and what you may do; fails closed. */
@NullMarked
package dev.recado.security;

import org.jspecify.annotations.NullMarked;
