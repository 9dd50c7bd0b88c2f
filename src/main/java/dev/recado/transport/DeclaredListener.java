package dev.recado.transport;

import dev.recado.base.Setting;
import dev.recado.base.SettingValues;
import dev.recado.tls.TlsFiles;
import java.util.List;

/**
 * A listener that a {@link Transport} may bind. Its settings are {@code <prefix>.host} and {@code <prefix>.port}, and
 * {@code <transport>.accept-backlog}, which all listeners of a transport share. The prefix is {@code transport} or
 * {@code transport.role}; its {@link #name} is the same with {@code -} for the dot.
 *
 * @param transport the {@link Transport#name}
 * @param role what it is for where a transport has several, as in {@code router}; empty where it has one
 * @param enabled whether it is bound with the settings that were asked about
 */
public record DeclaredListener(String transport, String role, boolean enabled) {

    private static final int PORT_MAX = 65_535;
    private static final int HOST_CHARS_MAX = 255;
    private static final int BACKLOG = 4_096;

    /** The only listener of a transport, always bound. */
    public static DeclaredListener only(String transport) {
        return new DeclaredListener(transport, "", true);
    }

    /** Key in the ports file, and what the ready line calls it: {@code text}, {@code zmtp-router}. */
    public String name() {
        return role.isEmpty() ? transport : transport + "-" + role;
    }

    /** What the keys of its own settings begin with: {@code text}, {@code zmtp.router}. */
    public String prefix() {
        return role.isEmpty() ? transport : transport + "." + role;
    }

    public String hostKey() {
        return prefix() + ".host";
    }

    public String portKey() {
        return prefix() + ".port";
    }

    /** The rows of its address: loopback and {@code port} where nobody says otherwise, 0 for a free port. */
    public List<Setting> addressRows(int port, String hostDescription, String portDescription) {
        return List.of(
                Setting.text(hostKey(), "127.0.0.1", 1, HOST_CHARS_MAX, hostDescription),
                Setting.integer(portKey(), port, 0, PORT_MAX, portDescription));
    }

    /** The rows of one that may be of TLS, see {@link TlsFiles}; one without them never is. */
    public List<Setting> tlsRows() {
        return TlsFiles.rows(prefix());
    }

    /** The settings that make it one of TLS, for a person; empty where it has none. */
    String tlsSettings(SettingValues values) {
        return TlsFiles.isPossible(values, prefix()) ? TlsFiles.settings(prefix()) : "";
    }

    /** What is wrong between {@link #tlsRows}, one line for each. */
    public List<String> tlsProblems(SettingValues values) {
        return TlsFiles.problems(values, prefix());
    }

    /** The row that the listeners of {@code transport} share; each transport has it once. */
    public static Setting backlogRow(String transport) {
        return Setting.integer(backlogKey(transport), BACKLOG, 1, PORT_MAX, "Connections that may wait to be accepted");
    }

    private static String backlogKey(String transport) {
        return transport + ".accept-backlog";
    }

    /** Where it is bound, of a table that has its rows. */
    public ListenerSettings settings(SettingValues values) {
        return new ListenerSettings(
                values.text(hostKey()),
                values.integer(portKey()),
                values.integer(backlogKey(transport)),
                TlsFiles.of(values, prefix()));
    }
}
