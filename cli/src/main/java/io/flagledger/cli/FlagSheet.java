package io.flagledger.cli;

import static java.util.stream.Collectors.joining;

import io.flagledger.core.event.BucketBy;
import io.flagledger.core.event.KillSwitch;
import io.flagledger.core.fold.EnvironmentState;
import io.flagledger.core.fold.FlagState;
import io.flagledger.core.json.LedgerJson;

/** All of one flag, as it is in some state of its environment. */
record FlagSheet(Session session, EnvironmentState state) {

    void print(FlagState flag) {
        if (session.wantsJson()) {
            session.print(LedgerJson.flag(state.environment(), flag));
            return;
        }
        session.out()
                .println(session.terminal().bold(flag.key())
                        + (flag.details().title().isEmpty()
                                ? ""
                                : "  " + Text.oneLine(flag.details().title())));
        Sheet sheet = new Sheet(session);
        fields(sheet, flag);
        sheet.line(
                "last change",
                "revision %d, sequence %d, %s by %s"
                        .formatted(
                                flag.lastChange().revision(),
                                flag.lastChange().sequence(),
                                EventTable.time(flag.lastChange().at()),
                                flag.lastChange().by()));
        sheet.line("reason", flag.lastChange().reason());
    }

    /** What the flag is, without its title and without who made it so. */
    void fields(Sheet sheet, FlagState flag) {
        if (flag.archived()) {
            sheet.line("archived", "yes: everybody gets " + flag.variants().off());
        }
        String drawn = flag.bucketing().by() == BucketBy.ORG ? " by org" : " by user";
        sheet.line(
                "stage",
                Words.stage(flag.stage(), flag.percentage())
                        + (flag.percentage().units() > 0 ? drawn : ""));
        sheet.line(
                "kill switch",
                flag.killSwitch() == KillSwitch.RELEASED
                        ? "released"
                        : flag.killSwitch() + ": " + Words.kill(flag.killSwitch()));
        sheet.line("allowlist", flag.allowlist().isEmpty() ? "nobody" : Words.entries(flag.allowlist()));
        sheet.line("type", flag.type().name());
        sheet.line("variants", Words.variants(flag.variants()));
        sheet.line("with access", Words.on(flag.variants()));
        sheet.line("without", flag.variants().off());
        sheet.line("parents", flag.parents().isEmpty() ? "none" : Words.parents(flag.parents()));
        sheet.line("parent of", children(flag.key()));
        sheet.line(
                "draws",
                "%s, seed \"%s\"".formatted(drawn.strip(), flag.bucketing().seed()));
        sheet.line("description", flag.details().description());
        sheet.line("owner", flag.details().owner());
        sheet.line("tags", String.join(", ", flag.details().tags()));
        sheet.line("ticket", flag.details().ticket());
    }

    private String children(String key) {
        return state.flags().sortedValues().stream()
                .filter(child -> child.parents().stream()
                        .anyMatch(parent -> parent.flag().equals(key)))
                .map(FlagState::key)
                .collect(joining(", "));
    }
}
