/**
 * What a topic is and how it changes: settings, the catalog of topics, groups, exchanges and bindings, producers'
 * windows.
 */
@NullMarked
package dev.recado.core.topic;

import org.jspecify.annotations.NullMarked;
