package dev.recado.config;

import dev.recado.base.SettingValues;

/**
 * Where the broker says what it does.
 *
 * @param file operations log, relative to the data directory; empty for none
 * @param level what goes there: {@code error}, {@code warn}, {@code info}, {@code debug}, {@code trace}, {@code off}
 * @param consoleLevel what goes to standard error
 * @param fileBytesMax size at which the operations log rolls
 * @param auditFile audit of logins and administration, relative to the data directory; empty for none
 * @param auditBytesMax size at which the audit rolls
 */
public record LogConfig(
        String file, String level, String consoleLevel, long fileBytesMax, String auditFile, long auditBytesMax) {

    static LogConfig of(SettingValues values) {
        return new LogConfig(
                values.text("log.file"),
                values.text("log.level"),
                values.text("log.console-level"),
                values.number("log.file-bytes-max"),
                values.text("log.audit-file"),
                values.number("log.audit-file-bytes-max"));
    }
}
