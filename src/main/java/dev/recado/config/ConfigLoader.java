package dev.recado.config;

import dev.recado.base.Setting;
import dev.recado.base.SettingValues;
import dev.recado.transport.Transport;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Joins defaults, file, environment and command line, in that order (the last one that names a setting wins), and
 * reports everything that is wrong with them at once. Not thread-safe; one loader makes one configuration.
 */
public final class ConfigLoader {

    /** Variables of the program that are no settings, without the prefix. */
    private static final Set<String> OTHERS = Set.of(
            "BROKER",
            "NAMESPACE",
            "USER",
            "PASSWORD",
            "PASSWORD_FILE",
            "NEW_PASSWORD",
            "TOKEN",
            "TLS",
            "TLS_TRUST",
            "TLS_CERTIFICATE",
            "TLS_KEY",
            "HOME",
            "OPTS",
            "VERSION");

    private final SettingTable table;
    private final Map<String, String> texts = new HashMap<>();
    private final List<String> problems = new ArrayList<>();
    /** Keys that were given a value that is not allowed. */
    private final Set<String> refused = new HashSet<>();

    private final List<Function<Config, List<String>>> rules = new ArrayList<>();

    /** Of the settings that this program has. */
    public ConfigLoader() {
        this(SettingTable.ofProgram());
    }

    /** Of the settings of {@code table}. */
    public ConfigLoader(SettingTable table) {
        this.table = table;
    }

    /** Reads a YAML file; its classes are loaded only here, because start-up time counts. */
    public ConfigLoader file(@Nullable Path file) {
        if (file != null) {
            Map<String, String> found = YamlFile.read(file, problems);
            found.forEach((key, text) -> put(key, text, " (in " + file + ")"));
        }
        return this;
    }

    /**
     * Takes the variables that begin with {@code RECADO_}. Those that Kubernetes sets for a service named recado
     * ({@code RECADO_PORT…}, {@code RECADO_SERVICE…}) are nobody's setting and are passed over, as are {@code
     * RECADO_BROKER}, {@code RECADO_NAMESPACE}, {@code RECADO_TLS…} and those of logins ({@code RECADO_USER}, {@code
     * RECADO_PASSWORD…}, {@code RECADO_NEW_PASSWORD}, {@code RECADO_TOKEN}), the defaults of options of clients, {@code
     * RECADO_OPTS}, options for the JVM, and what images set for themselves, {@code RECADO_HOME} and {@code
     * RECADO_VERSION}.
     */
    public ConfigLoader environment(Map<String, String> variables) {
        Map<String, String> keys = new HashMap<>();
        for (Map.Entry<String, String> variable : new TreeMap<>(variables).entrySet()) {
            String name = variable.getKey();
            if (!name.startsWith(Setting.VARIABLE_PREFIX) || isOfKubernetes(name) || isOther(name)) {
                continue;
            }
            if (keys.isEmpty()) {
                table.settings().forEach(setting -> keys.put(setting.variable(), setting.key()));
            }
            String key = keys.get(name);
            if (key == null) {
                String likeKey =
                        name.substring(Setting.VARIABLE_PREFIX.length()).toLowerCase(Locale.ROOT);
                problems.add(unknown(likeKey.replace('_', '.'), " (environment variable " + name + ")"));
            } else {
                put(key, variable.getValue(), " (environment variable " + name + ")");
            }
        }
        return this;
    }

    /** Takes {@code key=value} as the command line gives it. */
    public ConfigLoader assignments(List<String> assignments) {
        for (String assignment : assignments) {
            int equals = assignment.indexOf('=');
            if (equals < 1) {
                problems.add("--set " + assignment + " is not allowed: key=value");
            } else {
                set(
                        assignment.substring(0, equals).trim(),
                        assignment.substring(equals + 1).trim());
            }
        }
        return this;
    }

    /** Sets one setting as the command line would. */
    public ConfigLoader set(String key, String text) {
        put(key, text, "");
        return this;
    }

    /** Lets every listener pick a free port. */
    public ConfigLoader freePorts() {
        SettingValues defaults = SettingValues.of(table.settings(), Map.of());
        for (Transport transport : table.transports()) {
            transport.listeners(defaults).forEach(listener -> set(listener.portKey(), "0"));
        }
        return this;
    }

    /**
     * Adds a rule of who will use the configuration; it answers what is wrong. It is asked whatever else is wrong, and
     * sees a setting whose value is not allowed as if nobody had set it so.
     */
    public ConfigLoader rule(Function<Config, List<String>> rule) {
        rules.add(rule);
        return this;
    }

    /** The configuration. */
    public Config load() throws ConfigException {
        return Config.of(table, values());
    }

    /** The value of every setting, for listing them. */
    public SettingValues values() throws ConfigException {
        SettingValues values = SettingValues.of(table.settings(), texts, refused);
        List<String> all = new ArrayList<>(problems);
        Config config = Config.of(table, values);
        Consistency.check(config, values, all);
        rules.forEach(rule -> all.addAll(rule.apply(config)));
        if (all.isEmpty()) {
            return values;
        }
        throw new ConfigException(all);
    }

    private void put(String key, String text, String origin) {
        Setting setting = table.find(key);
        if (setting == null) {
            problems.add(unknown(key, origin));
        } else if (!setting.allows(text)) {
            problems.add(key + ": " + text + " is not allowed: " + setting.allowed() + origin);
            refused.add(key);
        } else if (namesAFile(key) && !isPath(text)) {
            problems.add(key + ": " + text + " is not allowed: a path that can be written in the character set of this"
                    + " system; start with LC_ALL=C.UTF-8, which has all characters" + origin);
            refused.add(key);
        } else {
            texts.put(key, text);
        }
    }

    private static boolean namesAFile(String key) {
        return key.equals("node.data") || key.endsWith("file") || key.contains(".tls.");
    }

    private static boolean isPath(String text) {
        try {
            return Path.of(text).getNameCount() >= 0;
        } catch (InvalidPathException e) {
            return false;
        }
    }

    private String unknown(String key, String origin) {
        String near = table.suggest(key);
        String hint = near == null ? ": `recado config` lists them all" : ": did you mean " + near + "?";
        return "unknown setting " + key + hint + origin;
    }

    private static boolean isOther(String name) {
        return OTHERS.contains(name.substring(Setting.VARIABLE_PREFIX.length()));
    }

    private static boolean isOfKubernetes(String name) {
        String rest = name.substring(Setting.VARIABLE_PREFIX.length());
        return rest.equals("PORT") || rest.startsWith("PORT_") || rest.startsWith("SERVICE_");
    }
}
