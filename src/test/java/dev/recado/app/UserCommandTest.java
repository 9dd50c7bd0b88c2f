package dev.recado.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine.Model.PositionalParamSpec;
import picocli.CommandLine.ParseResult;

/** Words that {@code recado user} takes. */
class UserCommandTest {

    private static ParseResult parse(String... words) {
        ParseResult parsed = Commands.commandLine(words[0]).parseArgs(words);
        while (parsed.hasSubcommand()) {
            parsed = parsed.subcommand();
        }
        return parsed;
    }

    private static List<Object> parameters(ParseResult parsed) {
        return parsed.matchedPositionals().stream()
                .map(PositionalParamSpec::getValue)
                .toList();
    }

    /** ZeroMQ's keys have the characters of Z85, with which options begin too. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "Yne@$w-vo<fVvi]a<NY6T1ed:M$fCG*[IaLV{hID",
                "-ne@$w-vo<fVvi]a<NY6T1ed:M$fCG*[IaLV{hID",
                "-oe@$w-vo<fVvi]a<NY6T1ed:M$fCG*[IaLV{hID",
                "-hV@$w-vo<fVvi]a<NY6T1ed:M$fCG*[IaLV{hID",
                "--e@$w-vo<fVvi]a<NY6T1ed:M$fCG*[IaLV{hID",
                "-o=@$w-vo<fVvi]a<NY6T1ed:M$fCG*[IaLV{hID",
                "@ne@$w-vo<fVvi]a<NY6T1ed:M$fCG*[IaLV{hID",
                "#ne@$w-vo<fVvi]a<NY6T1ed:M$fCG*[IaLV{hID"
            })
    void shouldTakeEveryKey(String key) {
        assertThat(parameters(parse("user", "key", "ben", "--", key))).containsExactly("ben", key);
        assertThat(parameters(parse("user", "key", "-o", "json", "--remove", "ben", "--", key)))
                .containsExactly("ben", key);
    }

    @Test
    void shouldTakeGrantsAsOneWouldTypeThem() {
        assertThat(parameters(parse("user", "grant", "ben", "orders.*", "publish,consume", "--in", "*")))
                .containsExactly("ben", "orders.*", "publish,consume");
        assertThat(parameters(parse("user", "revoke", "ben", "orders.*"))).startsWith("ben", "orders.*");
        assertThat(parameters(parse("token", "add", "--only", "/", "orders.*", "publish", "ben")))
                .containsExactly("ben");
    }
}
