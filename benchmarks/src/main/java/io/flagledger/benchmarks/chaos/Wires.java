package io.flagledger.benchmarks.chaos;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * Network namespaces, each joined by a wire of its own to a bridge on which this process is as well, so that a wire can be cut as one pulls a plug: nothing is
 * refused, nothing comes. Only root may lay them.
 */
final class Wires implements AutoCloseable {
    private static final long PATIENCE_SECONDS = 20;

    /**
     * One end of a wire, where a process can live.
     *
     * @param prefix what stands before the command of a program that is to run there
     * @param wire its end on the bridge; null if there is none to cut
     */
    record Plug(
            String address, List<String> prefix, @Nullable String wire) {
        /** This machine's own address, where nothing can be cut. */
        static final Plug NONE = new Plug("127.0.0.1", List.of(), null);
    }

    /** The kernel takes names back a while after they are given up. */
    private static final AtomicInteger LAID = new AtomicInteger();

    private final String name = "fl%dx%d".formatted(ProcessHandle.current().pid(), LAID.incrementAndGet());
    private final String subnet = "10.%d.%d."
            .formatted(
                    100 + ProcessHandle.current().pid() / 250 % 100,
                    ProcessHandle.current().pid() % 250);
    private final List<String> namespaces = new ArrayList<>();

    private Wires() {}

    /** Whether this process may lay wires, and mount disks. */
    static boolean canBeLaid() {
        if (!"root".equals(System.getProperty("user.name"))) {
            return false;
        }
        try (Wires wires = lay()) {
            wires.plug();
            return true;
        } catch (IOException e) {
            return false; // no ip command, or a container that may not
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    static Wires lay() throws IOException, InterruptedException {
        Wires wires = new Wires();
        try {
            run("ip", "link", "add", wires.name, "type", "bridge");
            run("ip", "addr", "add", wires.subnet + "1/24", "dev", wires.name);
            run("ip", "link", "set", wires.name, "up");
            return wires;
        } catch (IOException e) {
            wires.close();
            throw e;
        }
    }

    Plug plug() throws IOException, InterruptedException {
        int number = namespaces.size() + 2;
        String space = name + "-" + number;
        String outer = name + "o" + number;
        String inner = name + "i" + number;
        run("ip", "netns", "add", space);
        namespaces.add(space);
        run("ip", "link", "add", outer, "type", "veth", "peer", "name", inner, "netns", space);
        run("ip", "link", "set", outer, "master", name, "up");
        run("ip", "-n", space, "link", "set", "lo", "up");
        run("ip", "-n", space, "addr", "add", subnet + number + "/24", "dev", inner);
        run("ip", "-n", space, "link", "set", inner, "up");
        return new Plug(subnet + number, List.of("ip", "netns", "exec", space), outer);
    }

    static void cut(Plug plug) throws IOException, InterruptedException {
        set(plug, "down");
    }

    static void mend(Plug plug) throws IOException, InterruptedException {
        set(plug, "up");
    }

    /** Parts two of them, which others still reach. */
    static void part(Plug one, Plug other) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(one.prefix());
        command.addAll(List.of("ip", "route", "add", "blackhole", other.address() + "/32"));
        run(command.toArray(String[]::new));
    }

    private static void set(Plug plug, String state) throws IOException, InterruptedException {
        if (plug.wire() != null) {
            run("ip", "link", "set", plug.wire(), state);
        }
    }

    /** Runs a command of the system's. */
    static void run(String... command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS) || process.exitValue() != 0) {
            throw new IOException(String.join(" ", command) + ": " + output.strip());
        }
    }

    private static boolean succeeds(String... command) {
        try {
            run(command);
            return true;
        } catch (IOException e) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    @Override
    public void close() {
        namespaces.forEach(space -> succeeds("ip", "netns", "del", space));
        succeeds("ip", "link", "del", name);
    }
}
