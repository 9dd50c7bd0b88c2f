/** YAML, environment and flags into one validated, immutable record per room. */
@NullMarked
package dev.recado.config;

import org.jspecify.annotations.NullMarked;
