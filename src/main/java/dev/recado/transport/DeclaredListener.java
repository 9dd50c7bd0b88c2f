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
    private static final int USER_CHARS_MAX = 255;

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

    /** The rows about who may come, which the listeners of {@code transport} share; each transport has them once. */
    public static List<Setting> doorRows(String transport) {
        return List.of(
                Setting.flag(
                        plaintextKey(transport),
                        false,
                        "Whether passwords may cross a network without TLS, beyond this machine"),
                Setting.text(
                        anonymousUserKey(transport),
                        "",
                        0,
                        USER_CHARS_MAX,
                        "User as whom those come who do not log in, no administrator; empty: none may"));
    }

    private static String anonymousUserKey(String transport) {
        return transport + ".anonymous-user";
    }

    /** Whether passwords are taken that cross a network readable. */
    public static boolean isPlaintext(SettingValues values, String transport) {
        return values.has(plaintextKey(transport)) && values.flag(plaintextKey(transport));
    }

    /** The setting that says so. */
    public static String plaintextKey(String transport) {
        return transport + ".plaintext";
    }

    /** As whom those come who do not log in; empty for nobody. */
    public static String anonymousUser(SettingValues values, String transport) {
        return values.text(anonymousUserKey(transport));
    }

    /** The settings that make it one of TLS, for a person; empty where it has none. */
    public String tlsSettings(SettingValues values) {
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
