package dev.recado.transport.amqp;

import dev.recado.base.Setting;
import dev.recado.base.SettingValues;
import dev.recado.transport.DeclaredListener;
import dev.recado.transport.SessionSettings;
import java.util.ArrayList;
import java.util.List;

/**
 * What holds for AMQP connections.
 *
 * @param heartbeatSeconds what is offered; 0 for none
 * @param channelsMax channels of one connection, as offered
 * @param frameBytesMax the longest frame, as offered
 * @param anonymousUser as whom those come who do not log in, by the mechanism ANONYMOUS; empty for nobody
 * @param sessions what holds for those of every protocol
 */
record AmqpSettings(
        int heartbeatSeconds, int channelsMax, int frameBytesMax, String anonymousUser, SessionSettings sessions) {

    private static final String TRANSPORT = "amqp";

    private static final int PORT = 5672;
    private static final int KIB = 1024;
    private static final int SECOND_MS = 1_000;
    private static final int HEARTBEAT_MAX_S = 3_600;
    private static final int CHANNELS = 2_047;
    private static final int CHANNELS_MAX = 65_535;
    /** Clients that send 8,192 bytes whatever they are offered are the reason for the least. */
    private static final int FRAME_BYTES_LEAST = 8 * KIB;

    private static final int FRAME_BYTES_MAX = 1024 * KIB;

    private static final String ENABLED = TRANSPORT + ".enabled";
    private static final String HEARTBEAT = "amqp.heartbeat";
    private static final String CHANNELS_KEY = "amqp.channels-max";
    private static final String FRAME_BYTES = "amqp.frame-bytes-max";

    static AmqpSettings of(SettingValues values, SessionSettings sessions) {
        return new AmqpSettings(
                (int) (values.number(HEARTBEAT) / SECOND_MS),
                values.integer(CHANNELS_KEY),
                values.integer(FRAME_BYTES),
                DeclaredListener.anonymousUser(values, TRANSPORT),
                sessions);
    }

    static DeclaredListener listener(SettingValues values) {
        return new DeclaredListener(TRANSPORT, "", values.flag(ENABLED));
    }

    static List<Setting> rows() {
        List<Setting> rows = new ArrayList<>();
        rows.add(Setting.flag(ENABLED, true, "Whether AMQP 0-9-1 is listened to at all"));
        DeclaredListener listener = DeclaredListener.only(TRANSPORT);
        rows.addAll(listener.addressRows(
                PORT, "Address of the AMQP 0-9-1 listener", "Port of the AMQP 0-9-1 listener; 0 picks a free one"));
        rows.add(DeclaredListener.backlogRow(TRANSPORT));
        rows.addAll(listener.tlsRows());
        rows.addAll(DeclaredListener.doorRows(TRANSPORT));
        rows.add(Setting.duration(
                        HEARTBEAT,
                        60 * SECOND_MS,
                        SECOND_MS,
                        (long) HEARTBEAT_MAX_S * SECOND_MS,
                        "Heartbeats that clients are offered, in whole seconds: one that is silent for two is dropped")
                .orNone(0));
        rows.add(Setting.integer(CHANNELS_KEY, CHANNELS, 1, CHANNELS_MAX, "Channels of an AMQP connection"));
        rows.add(Setting.bytes(
                FRAME_BYTES,
                128 * KIB,
                FRAME_BYTES_LEAST,
                FRAME_BYTES_MAX,
                "Longest AMQP frame that clients are offered; longer messages come in several"));
        return rows;
    }
}
