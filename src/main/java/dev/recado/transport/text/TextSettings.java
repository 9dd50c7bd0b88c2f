package dev.recado.transport.text;

import dev.recado.base.Setting;
import dev.recado.base.SettingValues;
import dev.recado.transport.DeclaredListener;
import dev.recado.transport.SessionSettings;
import java.util.ArrayList;
import java.util.List;

/**
 * What holds for text sessions.
 *
 * @param lineBytesMax longest command line without its payload
 * @param idleTimeoutMs silence that ends a classic session
 * @param anonymousUser as whom those come who do not log in; empty for nobody
 * @param sessions what holds for those of every protocol
 */
record TextSettings(int lineBytesMax, long idleTimeoutMs, String anonymousUser, SessionSettings sessions) {

    static final DeclaredListener LISTENER = DeclaredListener.only("text");

    private static final int PORT = 8080;
    private static final long KIB = 1 << 10;
    private static final long MIB = 1 << 20;
    private static final long LINE_BYTES_MIN = 256;
    private static final long SECOND_MS = 1_000;
    private static final long DAY_MS = 86_400 * SECOND_MS;

    private static final String LINE_BYTES_MAX = "text.line-bytes-max";
    /** From when a classic session was the only kind. */
    private static final String IDLE_TIMEOUT = "sessions.idle-timeout";

    static TextSettings of(SettingValues values, SessionSettings sessions) {
        return new TextSettings(
                values.integer(LINE_BYTES_MAX),
                values.number(IDLE_TIMEOUT),
                DeclaredListener.anonymousUser(values, LISTENER.transport()),
                sessions);
    }

    static List<Setting> rows() {
        List<Setting> rows = new ArrayList<>(LISTENER.addressRows(
                PORT, "Address of the text listener", "Port of the text listener; 0 picks a free one"));
        rows.add(DeclaredListener.backlogRow(LISTENER.transport()));
        rows.addAll(LISTENER.tlsRows());
        rows.addAll(DeclaredListener.doorRows(LISTENER.transport()));
        rows.add(Setting.bytes(
                LINE_BYTES_MAX,
                64 * KIB,
                LINE_BYTES_MIN,
                16 * MIB,
                "Longest line except `SEND`, see `message.bytes-max`; of a `PUBL` its text"));
        rows.add(Setting.duration(
                IDLE_TIMEOUT,
                60 * SECOND_MS,
                SECOND_MS,
                DAY_MS,
                "Silence after which a classic text session is closed"));
        return rows;
    }
}
