package dev.recado.transport;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SessionListenerTest {

    @ParameterizedTest
    @CsvSource({
        "'bind(..) failed with error(-98): Address already in use', choose another port with --set text.port=0",
        "'newSocketStream(..) failed with error(-24): Too many open files',"
                + " raise the limit of open files with ulimit -n",
        "Too many open files, raise the limit of open files with ulimit -n",
    })
    void shouldSayWhatHelpsAgainstWhatTheSystemSays(String reason, String advice) {
        assertThat(SessionListener.advice("text.port", reason)).startsWith(advice);
    }
}
