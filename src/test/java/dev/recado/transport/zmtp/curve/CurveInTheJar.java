package dev.recado.transport.zmtp.curve;

import dev.recado.base.ByteWriter;
import java.util.Arrays;
import java.util.Random;

/**
 * A whole handshake and a message each way, to be run by itself on the class path of the product. Prints "done".
 */
final class CurveInTheJar {

    private CurveInTheJar() {}

    public static void main(String[] args) {
        Random random = new Random(7);
        byte[] secret = new byte[32];
        random.nextBytes(secret);
        CurveKeys keys = CurveKeys.ofSecret(secret);
        random.nextBytes(secret);
        CurveServer server = new CurveServer(keys, ClientKeys.ANY, random::nextBytes);
        CurveClient client = new CurveClient(secret, keys.publicKey(), random);
        ByteWriter out = new ByteWriter(256);
        byte[] hello = client.hello();
        server.onCommand(hello, 0, hello.length, out);
        byte[] initiate = client.initiate(out.toByteArray(), new byte[0]);
        out.clear();
        server.onCommand(initiate, 0, initiate.length, out);
        server.ready(new byte[0], 0, 0, out);
        client.onReady(out.toByteArray());
        out.clear();
        byte[] data = new byte[1000];
        byte[] message = client.message(0, data);
        if (server.onCommand(message, 0, message.length, out) != CurveStep.MESSAGE) {
            throw new IllegalStateException("not opened");
        }
        server.seal(0, data, 0, data.length, out);
        if (!Arrays.equals(client.open(out.toByteArray()).data(), data)) {
            throw new IllegalStateException("not sealed");
        }
        server.close();
        System.out.println("done");
    }
}
