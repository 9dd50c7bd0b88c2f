/** What a run needs whatever protocol it speaks: its settings, its ledger of messages, and a broker of its own. */
@NullMarked
package dev.recado.load.run;

import org.jspecify.annotations.NullMarked;
