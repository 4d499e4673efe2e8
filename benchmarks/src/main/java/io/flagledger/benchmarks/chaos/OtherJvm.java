package io.flagledger.benchmarks.chaos;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** A Java program in a process of its own, which can be killed and put to sleep. */
public final class OtherJvm implements AutoCloseable {
    private final Process process;
    private final Path output;

    private OtherJvm(Process process, Path output) {
        this.process = process;
        this.output = output;
    }

    /**
     * Where and how a program is started.
     *
     * @param prefix what stands before the command, such as what enters a network of its own
     * @param environment added to this process's
     * @param megabytes of heap at most
     */
    record Surroundings(List<String> prefix, Map<String, String> environment, int megabytes) {
        static final Surroundings OURS = new Surroundings(List.of(), Map.of(), 512);
    }

    /** Starts a program of this class path; what it prints goes to the file. */
    public static OtherJvm start(Class<?> program, Path output, String... arguments) throws IOException {
        return start(Surroundings.OURS, program, output, arguments);
    }

    static OtherJvm start(Surroundings where, Class<?> program, Path output, String... arguments) throws IOException {
        List<String> command = new ArrayList<>(where.prefix());
        command.addAll(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx" + where.megabytes() + "m",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                program.getName()));
        command.addAll(List.of(arguments));
        ProcessBuilder builder = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(output.toFile()));
        builder.environment().putAll(where.environment());
        return new OtherJvm(builder.start(), output);
    }

    public boolean isAlive() {
        return process.isAlive();
    }

    int exitValue() {
        return process.exitValue();
    }

    public String output() throws IOException {
        return Files.readString(output, StandardCharsets.UTF_8);
    }

    /** Puts it to sleep, by {@code SIGSTOP}. */
    void stop() throws IOException, InterruptedException {
        signal("-STOP");
    }

    /** Wakes it, by {@code SIGCONT}. */
    void resume() throws IOException, InterruptedException {
        signal("-CONT");
    }

    /** Asks it to end, by {@code SIGTERM}, and kills it if it has not by then. */
    void end(Duration patience) throws IOException, InterruptedException {
        signal("-TERM");
        if (!process.waitFor(patience.toMillis(), TimeUnit.MILLISECONDS)) {
            close();
        }
    }

    private void signal(String name) throws IOException, InterruptedException {
        new ProcessBuilder("kill", name, Long.toString(process.pid()))
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start()
                .waitFor(10, TimeUnit.SECONDS);
    }

    /** Kills it, as by {@code kill -9}. */
    @Override
    public void close() {
        process.destroyForcibly().onExit().join();
    }
}
