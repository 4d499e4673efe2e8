package io.flagledger.embedded;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/** A broker in a process of its own, which can be killed. */
final class BrokerProcess implements AutoCloseable {
    private static final String READY = "listens on ";

    private final Process process;
    private final String bootstrapServers;

    private BrokerProcess(Process process, String bootstrapServers) {
        this.process = process;
        this.bootstrapServers = bootstrapServers;
    }

    static BrokerProcess start(Path folder) throws IOException {
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        BrokerProcess.class.getName(),
                        folder.toString())
                .redirectErrorStream(true)
                .start();
        BufferedReader output =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
        StringBuilder told = new StringBuilder();
        for (String line = output.readLine(); line != null; line = output.readLine()) {
            if (line.startsWith(READY)) {
                return new BrokerProcess(process, line.substring(READY.length()));
            }
            told.append(line).append('\n');
        }
        throw new IllegalStateException("the broker's process ended:\n" + told);
    }

    String bootstrapServers() {
        return bootstrapServers;
    }

    /** Kills it, as by {@code kill -9}. */
    @Override
    public void close() {
        process.destroyForcibly().onExit().join();
    }

    public static void main(String[] folder) throws InterruptedException {
        System.out.println(READY + EmbeddedKafka.start(Path.of(folder[0]), 0).bootstrapServers());
        Thread.currentThread().join();
    }
}
