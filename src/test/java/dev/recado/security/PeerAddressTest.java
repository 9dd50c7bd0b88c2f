package dev.recado.security;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PeerAddressTest {

    @ParameterizedTest
    @CsvSource({
        "127.0.0.1:51234, 127.0.0.1",
        "10.1.2.3:1, 10.1.2.3",
        "10.1.2.3, 10.1.2.3",
        "[::1]:51234, 0:0:0:0:0:0:0:0/64",
        "[2001:db8:1:2:3:4:5:6]:51234, 2001:db8:1:2:0:0:0:0/64",
        "[2001:db8:1:2:ffff:4:5:7]:51235, 2001:db8:1:2:0:0:0:0/64",
        "2001:db8:1:2:3:4:5:6:51234, 2001:db8:1:2:0:0:0:0/64",
        "[fe80::1%eth0]:51234, fe80:0:0:0:0:0:0:0/64",
        "[::ffff:10.0.0.1]:5, 10.0.0.1",
        "'', ''",
        "some-name:12, some-name",
        "internal, internal"
    })
    void shouldStandForAMachineOrItsNetwork(String peer, String expected) {
        assertThat(PeerAddress.of(peer)).isEqualTo(expected);
    }
}
