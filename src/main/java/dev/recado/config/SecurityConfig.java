package dev.recado.config;

import dev.recado.base.Setting;
import dev.recado.base.SettingValues;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Who may come at all.
 *
 * @param isInsecure whether listeners may be open to other machines while nobody has to log in
 * @param firstAdmin who is made an administrator where no user exists; null for nobody
 */
public record SecurityConfig(boolean isInsecure, @Nullable FirstAdmin firstAdmin) {

    private static final String INSECURE = "security.insecure";
    private static final String NAME = "security.first-admin.name";
    private static final String PASSWORD_FILE = "security.first-admin.password-file";

    /**
     * An administrator for a first start where nobody is at a keyboard.
     *
     * @param passwordFile its first line is the password
     */
    public record FirstAdmin(String name, String passwordFile) {}

    static void addSettings(List<Setting> rows) {
        rows.add(Setting.flag(
                INSECURE,
                false,
                "Whether other machines may do everything while no user exists, for networks that you trust wholly"));
        rows.add(Setting.text(
                NAME, "", 0, 255, "Administrator that is made where no user exists, as in a container's first start"));
        rows.add(Setting.text(PASSWORD_FILE, "", 0, 4_096, "File whose first line is that administrator's password"));
    }

    static SecurityConfig of(SettingValues values) {
        String name = values.text(NAME);
        return new SecurityConfig(
                values.flag(INSECURE), name.isEmpty() ? null : new FirstAdmin(name, values.text(PASSWORD_FILE)));
    }

    /** What is wrong between them. */
    static List<String> problems(SettingValues values) {
        List<String> problems = new ArrayList<>();
        if (values.text(NAME).isEmpty() != values.text(PASSWORD_FILE).isEmpty()) {
            problems.add(NAME + ": goes together with " + PASSWORD_FILE + ": give both or none");
        }
        return problems;
    }
}
