package io.flagledger.cli;

import io.flagledger.core.event.Actor;
import io.flagledger.core.event.Names;
import io.flagledger.server.auth.Grant;
import io.flagledger.server.auth.LocalAuth;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
        name = "token",
        description = {
            "Print a token for the HTTP API of a server that has no issuer: one that `ledger up` started, or `ledger serve`.",
            "It is signed with the key in the folder --auth, which is the server's, so it works at once and until it ends."
        },
        footer = {
            "",
            "`curl -H \"Authorization: Bearer $(ledger token)\" localhost:8080/api/v1/me`",
            "`ledger token --role evaluator@gastown-production --subject service:checkout --valid 90d`"
        })
final class TokenCommand implements Callable<Integer> {
    private static final Pattern SPAN = Pattern.compile("([1-9][0-9]{0,4})([mhd])");
    private static final Duration LONGEST = Duration.ofDays(366);

    private final Session session;

    @Option(
            names = "--role",
            paramLabel = "ROLE[@ENV]",
            description = "evaluator, viewer, killer, editor or admin, in one environment or everywhere (admin);"
                    + " may be given several times")
    private List<String> roles = new ArrayList<>();

    @Option(
            names = "--subject",
            paramLabel = "WHO",
            description = "who its owner is in the ledger: a person, or service:NAME for a program (you, or --as)")
    private @Nullable String subject;

    @Option(names = "--valid", paramLabel = "SPAN", description = "how long: 30m, 8h, 90d (8h)")
    private String valid = "8h";

    @Option(
            names = "--auth",
            paramLabel = "DIR",
            description = "where the server's key is (LEDGER_AUTH; otherwise ./" + AuthOptions.FOLDER + ")")
    private @Nullable String folder;

    TokenCommand(Session session) {
        this.session = session;
    }

    @Override
    public Integer call() {
        Actor actor = subject == null ? session.actor() : Session.actor(subject);
        if (!Names.isId(actor.id())) {
            throw Complaint.usage("--subject has 1 to %d characters".formatted(Names.MAX_ID_LENGTH));
        }
        List<Grant> grants = (roles.isEmpty() ? List.of("admin") : roles)
                .stream().map(TokenCommand::grant).toList();
        Duration span = span();
        String said = folder != null ? folder : session.variable("LEDGER_AUTH");
        Path where = AuthOptions.folder(said);
        if (!LocalAuth.isIn(where)) {
            throw Complaint.refused(
                    "there is no local key in %s: start a server (`ledger up`, `ledger serve`), or name its folder with --auth (of `ledger up --data DIR` it is DIR/auth)"
                            .formatted(where));
        }
        session.out().println(AuthOptions.open(where).key().token(actor.id(), actor.kind(), grants, span));
        return Exit.DONE;
    }

    private static Grant grant(String text) {
        try {
            return Grant.parse(text.contains("@") ? text : text + "@" + Grant.EVERYWHERE);
        } catch (IllegalArgumentException e) {
            throw Complaint.usage("--role: " + Text.oneLine(String.valueOf(e.getMessage())));
        }
    }

    private Duration span() {
        Matcher matcher = SPAN.matcher(valid);
        if (matcher.matches()) {
            long count = Long.parseLong(matcher.group(1));
            Duration span = switch (matcher.group(2)) {
                case "m" -> Duration.ofMinutes(count);
                case "h" -> Duration.ofHours(count);
                default -> Duration.ofDays(count);
            };
            if (span.compareTo(LONGEST) <= 0) {
                return span;
            }
        }
        throw Complaint.usage("--valid is a span such as 30m, 8h or 90d, of at most %d days, not '%s'"
                .formatted(LONGEST.toDays(), Text.oneLine(valid)));
    }
}
