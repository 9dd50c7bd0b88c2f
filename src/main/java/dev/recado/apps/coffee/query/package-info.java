/** What the queries compute: filters, partial sums and their aggregation in any order; pure. */
@NullMarked
package dev.recado.apps.coffee.query;

import org.jspecify.annotations.NullMarked;
