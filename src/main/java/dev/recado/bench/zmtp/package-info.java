/** Load over ZMTP: a pipeline of PUSH and PULL sockets, or PUB and SUB where consumers are taps. */
@NullMarked
package dev.recado.bench.zmtp;

import org.jspecify.annotations.NullMarked;
