package dev.recado.file;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;

/** What is written to a file, whose failures name it; those of whoever writes stay as they are. */
final class NamedOutput extends OutputStream {

    private final Path target;
    private final OutputStream out;

    NamedOutput(Path target, OutputStream out) {
        this.target = target;
        this.out = out;
    }

    @Override
    public void write(int one) throws IOException {
        WholeFiles.naming(target, () -> out.write(one));
    }

    @Override
    public void write(byte[] bytes, int from, int length) throws IOException {
        WholeFiles.naming(target, () -> out.write(bytes, from, length));
    }

    @Override
    public void flush() throws IOException {
        WholeFiles.naming(target, out::flush);
    }

    @Override
    public void close() throws IOException {
        WholeFiles.naming(target, out::close);
    }
}
