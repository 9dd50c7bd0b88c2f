package dev.recado.transport.amqp.wire;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/** Numbers as they stand on the wire, most significant byte first; the caller knows that they are there. */
final class BigEndian {

    private static final VarHandle SHORT = MethodHandles.byteArrayViewVarHandle(short[].class, ByteOrder.BIG_ENDIAN);
    private static final VarHandle INT = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.BIG_ENDIAN);
    private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);

    private BigEndian() {}

    static short signedShort(byte[] bytes, int at) {
        return (short) SHORT.get(bytes, at);
    }

    static int unsignedShort(byte[] bytes, int at) {
        return signedShort(bytes, at) & 0xFFFF;
    }

    static int signedInt(byte[] bytes, int at) {
        return (int) INT.get(bytes, at);
    }

    static long unsignedInt(byte[] bytes, int at) {
        return signedInt(bytes, at) & 0xFFFF_FFFFL;
    }

    static long signedLong(byte[] bytes, int at) {
        return (long) LONG.get(bytes, at);
    }
}
