package dev.recado.apps.monitor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.recado.apps.monitor.SupervisedNode.Address;
import dev.recado.apps.monitor.SupervisedNode.Health;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NodeFileTest {

    @TempDir
    @SuppressWarnings("NullAway.Init") // JUnit sets it before a test begins.
    Path directory;

    @Test
    void shouldReadCommandsWithPathsBesideTheFile() throws IOException {
        // When
        List<SupervisedNode> nodes = read("""
                {"nodes": [
                  {"name": "worker-1", "health": "127.0.0.1:8888", "command": ["sleep", "1"],
                   "environment": {"A": "b"}, "pid": "run/w.pid"},
                  {"name": "web", "health": "tcp://[::1]:9", "container": "web-1"}]}
                """);

        // Then
        assertThat(nodes).extracting(SupervisedNode::name).containsExactly("worker-1", "web");
        assertThat(nodes)
                .extracting(SupervisedNode::health)
                .containsExactly(
                        new Health(false, new Address("127.0.0.1", 8_888)), new Health(true, new Address("::1", 9)));
        NodeProcess process = (NodeProcess) nodes.get(0).starter();
        assertThat(process.command()).containsExactly("sleep", "1");
        assertThat(process.environment()).containsEntry("A", "b");
        assertThat(process.directory()).isEqualTo(directory);
        assertThat(process.log()).isEqualTo(directory.resolve("worker-1.log"));
        assertThat(process.pidFile()).isEqualTo(directory.resolve("run/w.pid"));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            {"name": "a", "command": ["x"]}                                              | node 1 'a': health is missing
            {"name": "a", "health": "8888", "command": ["x"]}                            | '8888' is not HOST:PORT
            {"name": "a", "health": "h:99999", "command": ["x"]}                         | 'h:99999' is not HOST:PORT
            {"name": "a", "health": "h:1"}                                               | a command or a container
            {"name": "a", "health": "h:1", "command": ["x"], "container": "c"}           | a command or a container
            {"name": "a", "health": "h:1", "command": []}                                | a command or a container
            {"name": "a/b", "health": "h:1", "command": ["x"]}                           | a name has 1 to 100 letters
            {"health": "h:1", "command": ["x"]}                                          | node 1: a name has
            {"name": "a", "healt": "h:1"}                                                | unknown key 'healt', known
            {"name": "a", "health": "h:1", "container": "c"}, {"name": "a", "health": "h:2", "container": "d"} | second
            {                                                                            | this is no JSON
            """)
    void shouldSayWhatIsWrongAndWhere(String entry, String told) {
        assertThatThrownBy(() -> read("{\"nodes\": [" + entry + "]}"))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("nodes.json")
                .hasMessageContaining(told);
    }

    private List<SupervisedNode> read(String json) throws IOException {
        Path file = directory.resolve("nodes.json");
        Files.writeString(file, json);
        return NodeFile.read(file, new Containers("docker"));
    }
}
