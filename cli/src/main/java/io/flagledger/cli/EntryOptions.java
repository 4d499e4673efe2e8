package io.flagledger.cli;

import io.flagledger.core.event.Allowlist;
import io.flagledger.core.event.UserEntry;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import picocli.CommandLine.Option;

/** Users and orgs of an allowlist. */
final class EntryOptions {
    @Option(
            names = "--user",
            paramLabel = "USER[@ORG]",
            description = {
                "a user; with @ORG the user's whole org.",
                "The last @ counts: write ada@example.com@ for an id with an @ and no org, and ada@example.com@acme for one with"
            })
    private List<String> users = new ArrayList<>();

    @Option(names = "--org", paramLabel = "ORG", description = "a whole org")
    private Set<String> orgs = new LinkedHashSet<>();

    Allowlist read() {
        if (users.isEmpty() && orgs.isEmpty()) {
            throw Complaint.usage("name somebody: --user USER[@ORG] or --org ORG");
        }
        try {
            return Allowlist.of(users.stream().map(EntryOptions::user).toList(), orgs);
        } catch (IllegalArgumentException e) {
            throw Complaint.usage(String.valueOf(e.getMessage()));
        }
    }

    static UserEntry user(String text) {
        int at = text.lastIndexOf('@');
        if (at == 0 || text.isEmpty()) {
            throw Complaint.usage("--user %s names no user: write USER, or USER@ORG".formatted(text));
        }
        if (at < 0) {
            return new UserEntry(text, null);
        }
        String org = text.substring(at + 1);
        return new UserEntry(text.substring(0, at), org.isEmpty() ? null : org);
    }
}
