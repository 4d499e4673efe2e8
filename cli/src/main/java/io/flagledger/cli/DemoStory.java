package io.flagledger.cli;

import io.flagledger.core.event.Actor;
import io.flagledger.core.event.Allowlist;
import io.flagledger.core.event.BucketBy;
import io.flagledger.core.event.Bucketing;
import io.flagledger.core.event.Change;
import io.flagledger.core.event.Change.AllowlistChanged;
import io.flagledger.core.event.Change.FlagCreated;
import io.flagledger.core.event.Change.FlagDescribed;
import io.flagledger.core.event.Change.KillSwitchEngaged;
import io.flagledger.core.event.Change.KillSwitchReleased;
import io.flagledger.core.event.Change.StageMoved;
import io.flagledger.core.event.Change.VariantsDefined;
import io.flagledger.core.event.Details;
import io.flagledger.core.event.FlagValue;
import io.flagledger.core.event.KillSwitch;
import io.flagledger.core.event.Parent;
import io.flagledger.core.event.Percentage;
import io.flagledger.core.event.Stage;
import io.flagledger.core.event.UserEntry;
import io.flagledger.core.event.ValueType;
import io.flagledger.core.event.Variants;
import io.flagledger.core.event.Weight;
import io.flagledger.core.kafka.AppendResult;
import io.flagledger.core.kafka.LedgerWriter;
import java.math.BigDecimal;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/** How Gas Town was rolled out: a story to look around in. */
final class DemoStory {
    private static final String GASTOWN = "gastown";
    private static final String CONVOYS = "gastown.convoys";
    private static final String MERGE = "gastown.merge-strategy";
    private static final String MULTI_RIG = "gastown.multi-rig";
    private static final String MOLECULES = "gastown.molecules";

    private static final Actor DANA = Actor.human("dana");
    private static final Actor LEE = Actor.human("lee");
    private static final Actor BOT = Actor.service("deploy-bot");

    private final LedgerWriter writer;
    private final String environment;
    private long events;

    DemoStory(LedgerWriter writer, String environment) {
        this.writer = writer;
        this.environment = environment;
    }

    /** Plays all of it and returns how many events that made. */
    long play() {
        tell(DANA, "Gas Town starts dark: only we can see it", created(GASTOWN, "Gas Town", "platform"));
        tell(
                DANA,
                "the parts get switches of their own before any of them ships",
                created(CONVOYS, "Convoys", "orchestration", Parent.of(GASTOWN)),
                mergeStrategy(),
                created(MULTI_RIG, "Several rigs at once", "orchestration", Parent.of(GASTOWN)),
                created(MOLECULES, "Molecules", "research", Parent.of(GASTOWN), Parent.of(MULTI_RIG)));
        tell(
                LEE,
                "so that support knows whom to ask",
                described(MERGE, "How finished work gets back into the main branch"));
        tell(BOT.onBehalfOf("dana"), "release 2.1.0 carries Gas Town", StageMoved.to(GASTOWN, Stage.ALLOWLIST));
        tell(DANA, "first design partner", allowed(GASTOWN, List.of("ada@acme"), List.of()));
        tell(
                DANA,
                "ada wants her reviewers from globex in",
                allowed(GASTOWN, List.of("grace@globex", "linus"), List.of()));
        tell(LEE, "second design partner, the whole org", allowed(GASTOWN, List.of(), List.of("initech")));
        tell(DANA, "linus has left the project", disallowed(GASTOWN, "linus"));
        tell(LEE, "partners merge directly until pull requests are ready", StageMoved.to(MERGE, Stage.ALLOWLIST));
        tell(LEE, "acme asked for it", allowed(MERGE, List.of("ada@acme"), List.of()));
        tell(BOT.onBehalfOf("lee"), "release 2.2.0 carries pull requests", serving(MERGE, 90, 10));
        tell(DANA, "a week without an incident: a few orgs of everybody", percent(GASTOWN, "5"));
        tell(DANA, "error rate is flat", percent(GASTOWN, "10"));
        tell(LEE, "convoys for those who asked", StageMoved.to(CONVOYS, Stage.ALLOWLIST));
        tell(LEE, "acme runs forty agents already", allowed(CONVOYS, List.of("ada@acme"), List.of("initech")));
        tell(
                BOT,
                "error budget spent within ten minutes: queue depth alarm 4711",
                new KillSwitchEngaged(GASTOWN, KillSwitch.NEW_ACCESS));
        tell(
                LEE,
                "worse: running agents hold the lock, so they must go too",
                new KillSwitchEngaged(GASTOWN, KillSwitch.ALL_ACCESS));
        tell(DANA, "lock contention fixed in 2.2.1, checked with two admins", new KillSwitchReleased(GASTOWN));
        tell(DANA, "careful after the incident", percent(GASTOWN, "2.5"));
        tell(DANA, "two days quiet", percent(GASTOWN, "10"));
        tell(LEE, "merging is independent of scale, so it may go first", percent(MERGE, "50"));
        tell(LEE, "half of everybody and no complaint", StageMoved.to(MERGE, Stage.GENERALLY_AVAILABLE));
        tell(LEE, "reviewers like pull requests better", serving(MERGE, 70, 30));
        tell(DANA, "try several rigs among ourselves first, then with acme", StageMoved.to(MULTI_RIG, Stage.ALLOWLIST));
        tell(DANA, "acme has three rigs", allowed(MULTI_RIG, List.of("ada@acme"), List.of()));
        tell(BOT.onBehalfOf("dana"), "release 2.3.0 schedules across rigs", percent(MULTI_RIG, "10"));
        tell(
                LEE,
                "rigs lose sight of each other behind a proxy",
                new KillSwitchEngaged(MULTI_RIG, KillSwitch.NEW_ACCESS));
        tell(LEE, "heartbeats go through the proxy now", new KillSwitchReleased(MULTI_RIG));
        tell(DANA, "umbrella is on board for convoys", allowed(CONVOYS, List.of("bob@umbrella"), List.of()));
        tell(DANA, "a quarter of all orgs: the numbers hold", percent(GASTOWN, "25"));
        tell(
                LEE,
                "molecules need a better name before anybody sees them",
                described(MOLECULES, "Working title; admins only"));
        return events;
    }

    private void tell(Actor actor, String reason, Change... changes) {
        AppendResult result = writer.append(environment, actor, reason, List.of(changes));
        if (result instanceof AppendResult.Refused refused) {
            throw new IllegalStateException("the demo is refused: " + refused.refusal());
        }
        events += changes.length;
    }

    private static Change created(String flag, String title, String owner, Parent... parents) {
        return new FlagCreated(
                flag,
                ValueType.BOOLEAN,
                new Details(title, "", owner, Set.of("gastown"), ""),
                Variants.ON_OFF,
                Bucketing.of(flag, BucketBy.ORG),
                List.of(parents));
    }

    private static Change mergeStrategy() {
        return new FlagCreated(
                MERGE,
                ValueType.STRING,
                new Details("Merge strategy", "", "delivery", Set.of("gastown"), ""),
                merging(100, 0),
                Bucketing.of(MERGE, BucketBy.ORG),
                List.of(Parent.of(GASTOWN)));
    }

    private static Variants merging(int direct, int pullRequest) {
        Map<String, FlagValue> values = new LinkedHashMap<>();
        values.put("direct", new FlagValue.StringValue("direct"));
        values.put("pr", new FlagValue.StringValue("pr"));
        return new Variants(
                values,
                "direct",
                pullRequest == 0
                        ? List.of(new Weight("direct", direct))
                        : List.of(new Weight("direct", direct), new Weight("pr", pullRequest)));
    }

    private static Change serving(String flag, int direct, int pullRequest) {
        return new VariantsDefined(flag, merging(direct, pullRequest));
    }

    private static Change described(String flag, String description) {
        return new FlagDescribed(flag, null, description, null, null, null);
    }

    private static Change percent(String flag, String percent) {
        return StageMoved.to(flag, Percentage.of(new BigDecimal(percent)));
    }

    private static Change allowed(String flag, List<String> users, List<String> orgs) {
        return new AllowlistChanged(flag, Allowlist.of(entries(users.stream()), orgs), Allowlist.EMPTY);
    }

    private static Change disallowed(String flag, String... users) {
        return new AllowlistChanged(flag, Allowlist.EMPTY, Allowlist.of(entries(Arrays.stream(users)), List.of()));
    }

    private static List<UserEntry> entries(Stream<String> users) {
        return users.map(EntryOptions::user).toList();
    }
}
