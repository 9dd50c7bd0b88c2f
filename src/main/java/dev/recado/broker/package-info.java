/** The API that every transport uses: a broker, the link of a session, its subscriptions, and what these say. */
@NullMarked
package dev.recado.broker;

import org.jspecify.annotations.NullMarked;
