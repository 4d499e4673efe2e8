package io.flagledger.cli;

import picocli.CommandLine.Command;

@Command(name = "version", description = "Print the version.")
final class VersionCommand implements Runnable {
    private final Session session;

    VersionCommand(Session session) {
        this.session = session;
    }

    @Override
    public void run() {
        for (String line : new Versions().getVersion()) {
            session.out().println(line);
        }
    }
}
