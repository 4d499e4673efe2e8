package io.flagledger.cli;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.OutputStreamWriter;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Set;

/** The entrance of the program. */
public final class Main {
    private static final Set<String> SERVERS = Set.of("up", "serve");

    private Main() {}

    public static void main(String[] args) {
        // Before anything has a logger: what runs for long tells of its troubles, what runs for a moment has one
        // answer.
        if (Arrays.stream(args).anyMatch(SERVERS::contains)) {
            System.setProperty(LogSetup.LEVEL, System.getProperty(LogSetup.LEVEL, "WARN"));
            String format = LogOption.said(args, System.getenv(LogOption.VARIABLE));
            if (format != null) {
                System.setProperty(LogSetup.FORMAT, format);
            }
        }
        Terminal terminal = Terminal.ofThisProcess(System::getenv);
        // UTF-8 whatever the locale says: a word with an accent must survive a container without a locale.
        PrintWriter out = utf8(FileDescriptor.out);
        PrintWriter err = utf8(FileDescriptor.err);
        int status = Program.of(terminal, System::getenv, out, err).execute(args);
        out.flush();
        err.flush();
        System.exit(status);
    }

    private static PrintWriter utf8(FileDescriptor descriptor) {
        return new PrintWriter(new OutputStreamWriter(new FileOutputStream(descriptor), StandardCharsets.UTF_8), true);
    }
}
