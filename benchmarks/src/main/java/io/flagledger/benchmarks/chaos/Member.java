package io.flagledger.benchmarks.chaos;

import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** A place for one process, which is started again when it has ended. Any number of threads may use it. */
final class Member implements AutoCloseable {
    /** Starts the process. */
    interface Starter {
        OtherJvm start() throws IOException;
    }

    private final Role role;
    private final int number;
    private final Wires.Plug plug;
    private final Starter starter;
    private @Nullable OtherJvm process;
    private boolean mayRun;
    private long endedByItself;
    private boolean isDone;

    /** What processes are for. */
    enum Role {
        BROKER,
        PROJECTOR,
        SERVER,
        EVALUATORS,
        WRITERS
    }

    /** @param number among those of its role */
    Member(Role role, int number, Wires.Plug plug, Starter starter) {
        this.role = role;
        this.number = number;
        this.plug = plug;
        this.starter = starter;
    }

    Role role() {
        return role;
    }

    int number() {
        return number;
    }

    Wires.Plug plug() {
        return plug;
    }

    synchronized void start() throws IOException {
        mayRun = true;
        if (process == null || !process.isAlive()) {
            process = starter.start();
        }
    }

    /** As by {@code kill -9}; it stays away until it is started. */
    synchronized void kill() {
        mayRun = false;
        if (process != null) {
            process.close();
        }
    }

    /** Whether it lives or not, it stays as it is until it is started. */
    synchronized void letEnd() {
        mayRun = false;
    }

    synchronized void stop() throws IOException, InterruptedException {
        requireNonNull(process).stop();
    }

    synchronized void resume() throws IOException, InterruptedException {
        requireNonNull(process).resume();
    }

    /** Starts it again if it has ended by itself, as whoever runs it in production would. A writer that came to its end is left alone. */
    synchronized void supervise() throws IOException {
        if (mayRun && process != null && !process.isAlive() && !isDone) {
            if (role == Role.WRITERS && process.exitValue() == 0) {
                isDone = true;
                return;
            }
            endedByItself++;
            process = starter.start();
        }
    }

    synchronized boolean isDone() {
        return isDone;
    }

    /** How often it was started again though nobody had killed it. */
    synchronized long endedByItself() {
        return endedByItself;
    }

    /** How often a line that begins so is in what it has printed in all its lives. */
    synchronized long printed(String beginning) throws IOException {
        return process == null
                ? 0
                : process.output()
                        .lines()
                        .filter(line -> line.startsWith(beginning))
                        .count();
    }

    @Override
    public String toString() {
        return role.name().toLowerCase(Locale.ROOT) + " " + number;
    }

    @Override
    public void close() {
        kill();
    }
}
