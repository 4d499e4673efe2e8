package io.flagledger.projector;

import java.util.List;

/** What a projector has made cannot be taken away, for instances of it run. */
public final class ProjectorRunsException extends RuntimeException {
    private final List<String> members;

    ProjectorRunsException(String application, List<String> members) {
        super(
                "%s still runs: %s; stop these first (one that was killed counts as running for 6 s, one with an instance id for 30 s)"
                        .formatted(application, String.join(", ", members)));
        this.members = List.copyOf(members);
    }

    /** Who runs, and on which machine. */
    public List<String> members() {
        return members;
    }
}
