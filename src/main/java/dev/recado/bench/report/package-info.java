/** What a load run found, as text, as JSON and as one HTML file with plots. */
@NullMarked
package dev.recado.bench.report;

import org.jspecify.annotations.NullMarked;
