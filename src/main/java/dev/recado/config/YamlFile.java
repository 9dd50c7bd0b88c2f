package dev.recado.config;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import dev.recado.base.Quantities;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Settings in YAML: nested maps, dotted keys or both; a list is its elements joined by commas. */
final class YamlFile {

    /** A settings file is small; a larger one is something else. */
    private static final long BYTES_MAX = 1 << 20;

    private YamlFile() {}

    /** Key to text, in the order of the file; adds to {@code problems} what cannot be read. */
    static Map<String, String> read(Path file, List<String> problems) {
        Map<String, String> found = new LinkedHashMap<>();
        try {
            if (Files.size(file) > BYTES_MAX) {
                problems.add(file + ": larger than " + Quantities.formatBytes(BYTES_MAX));
                return found;
            }
            ObjectMapper mapper = new ObjectMapper(new YAMLFactory());
            mapper.enable(JsonParser.Feature.STRICT_DUPLICATE_DETECTION);
            JsonNode root = mapper.readTree(Files.readString(file));
            if (root == null || root.isMissingNode() || root.isNull()) {
                return found;
            }
            if (root.isObject()) {
                collect("", root, file, found, problems);
            } else {
                problems.add(file + ": not a map of settings");
            }
        } catch (NoSuchFileException e) {
            problems.add(file + ": no such file");
        } catch (JsonProcessingException e) {
            problems.add(file + ": not YAML: line="
                    + (e.getLocation() == null ? 0 : e.getLocation().getLineNr()) + " "
                    + firstLine(e.getOriginalMessage()));
        } catch (IOException e) {
            problems.add(file + ": cannot be read: " + e.getMessage());
        }
        return found;
    }

    private static void collect(
            String prefix, JsonNode node, Path file, Map<String, String> found, List<String> problems) {
        node.fields().forEachRemaining(field -> {
            String key = prefix + field.getKey();
            JsonNode value = field.getValue();
            if (value.isObject()) {
                collect(key + ".", value, file, found, problems);
            } else if (found.put(key, text(value)) != null) {
                problems.add(key + ": given twice (in " + file + ")");
            }
        });
    }

    private static String text(JsonNode value) {
        if (value.isNull()) {
            return "";
        }
        if (!value.isArray()) {
            return value.asText();
        }
        StringBuilder joined = new StringBuilder();
        for (JsonNode element : value) {
            joined.append(joined.length() == 0 ? "" : ",").append(element.asText());
        }
        return joined.toString();
    }

    private static String firstLine(String message) {
        int end = message.indexOf('\n');
        return end < 0 ? message : message.substring(0, end);
    }
}
