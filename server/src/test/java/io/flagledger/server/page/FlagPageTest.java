package io.flagledger.server.page;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.flagledger.core.evaluate.Subject;
import io.flagledger.embedded.junit.KafkaExtension;
import io.flagledger.sdk.FlagLedger;
import io.flagledger.sdk.FlagLedgerConfig;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.openqa.selenium.Keys;

@ExtendWith({KafkaExtension.class, ConsoleExtension.class})
class FlagPageTest {
    @Test
    void theWholeStoryOfAFlagIsToldByClicks(Page page) {
        page.change("there is a town", "{'type': 'FlagCreated', 'flag': 'town'}");
        page.open("/flags");
        page.press("Create a flag");
        page.fill("#new-key", "gastown");
        page.fill("#new-title", "Gas Town");
        because(page, "the dispatcher runs in staging");
        page.press("Create it");
        page.see("h1", "Gas Town");
        page.see(".toast", "gastown is created");

        page.press("Open to the allowlist…");
        because(page, "try it among ourselves");
        page.press("Save");
        page.see("flag-history .event", "moved it to its allowlist");

        page.fill("allowlist-editor textarea", "ada@acme, linus");
        page.see("allowlist-editor .hint", "user ada, which lets in all of org acme and 1 more");
        page.press("Add 2");
        page.click("select[aria-label='What is added'] option[value=org]");
        page.fill("allowlist-editor textarea", "initech");
        page.press("Add");
        page.press("Review and save…");
        because(page, "first design partners");
        page.press("Save");
        page.see("flag-history .event", "let 2 users and 1 org into it");
        assertThat(flag(page).at("/allowlist/users/0/org").textValue()).isEqualTo("acme");

        page.press("Open to a percentage…");
        page.fill(".share-number input", "12.5" + Keys.TAB);
        page.see(".impact-told", "of 200 sample orgs have access now; 25 would gain");
        page.press("Review and save…");
        because(page, "error budget untouched");
        page.press("Save");
        page.see("flag-history .event", "set it to 12.5 %");

        page.press("Open to everybody…");
        because(page, "it is done");
        page.press("Save");
        page.see("flag-history .event", "made it generally available");

        page.click(".kill-button");
        because(page, "refinery backlog");
        page.press("Kill it");
        page.see("kill-card", "Killed · new access");
        page.see("kill-card", "refinery backlog");
        assertThat(flag(page).get("killSwitch").textValue()).isEqualTo("NEW_ACCESS");

        page.click(".release-button");
        page.see("dialog", "generally available, with 2 users and 1 org on its allowlist");
        because(page, "backlog drained");
        page.press("Release it");
        page.see("flag-history .event", "released it");

        page.click("[data-revision='3'] .restore");
        page.see("dialog .differences", "Allowlist");
        because(page, "back to the partners");
        page.press("Restore it");
        page.see("flag-history .event", "restored it to revision 3");
        assertThat(flag(page).get("stage").textValue()).isEqualTo("ALLOWLIST");
        page.assertNothingWentWrong();
    }

    @Test
    void aSkippedStageAndAnEmptyReasonAreAskedForAndNothingTypedIsLost(Page page) {
        page.change("there it is", "{'type': 'FlagCreated', 'flag': 'gastown'}");
        page.open("/flags/gastown");
        page.click("[data-stage=GENERALLY_AVAILABLE]");
        page.press("Review and save…");
        page.press("Save");
        page.see("dialog .lacks", "Say that the step is to be skipped");
        page.click("#skip");
        page.press("Save");
        page.see("dialog .lacks", "A reason is needed");
        because(page, "it is but a colour");
        page.press("Save");
        page.see("flag-history .event", "made it generally available");
        page.assertNothingWentWrong();
    }

    @Test
    void twoWhoEditTheSameFlagAreToldOfEachOtherAndNeitherLosesWhatWasTyped(Page page) {
        page.change("there it is", "{'type': 'FlagCreated', 'flag': 'gastown'}");
        Page other = page.another();
        page.open("/flags/gastown");
        other.open("/flags/gastown");
        page.fill("#about-owner", "platform");
        page.press("Review and save…");
        because(page, "somebody must own it");

        other.press("Open to the allowlist…");
        because(other, "try it among ourselves");
        other.press("Save");
        other.see("flag-history .event", "moved it to its allowlist");

        page.seeLive(".banner.conflict", "changed this meanwhile");
        page.press("Save");
        page.see("dialog .act-problem", "changed this meanwhile");
        page.see("dialog .act-problem", "moved gastown to its allowlist (try it among ourselves)");
        page.press("Put my changes on top");
        page.gone(".act-problem");
        page.press("Save");
        page.see("flag-history .event", "changed the owner of it");

        assertThat(flag(page).get("owner").textValue()).isEqualTo("platform");
        assertThat(flag(page).get("stage").textValue()).isEqualTo("ALLOWLIST");
        assertThat(flag(page).get("reason").textValue()).isEqualTo("somebody must own it");
        page.assertNothingWentWrong("409");
        other.assertNothingWentWrong();
    }

    @Test
    void aKillIsSeenByAnEvaluatorWithinASecondOfTheClick(Page page) throws Exception {
        page.change(
                "open to everybody",
                "{'type': 'FlagCreated', 'flag': 'gastown'}",
                "{'type': 'StageMoved', 'flag': 'gastown', 'to': 'GENERALLY_AVAILABLE', 'skip': true}");
        FlagLedgerConfig config =
                FlagLedgerConfig.of(page.kafka(), page.environment()).withTopics(page.topics());
        try (FlagLedger flags = FlagLedger.connect(config)) {
            flags.awaitReady(Duration.ofSeconds(10));
            Subject subject = Subject.user("u-17").org("acme");
            assertThat(flags.isOpen("gastown", subject)).isTrue();
            page.open("/flags/gastown");
            page.click(".kill-button");
            because(page, "refinery backlog");
            long clicked = System.nanoTime();
            page.press("Kill it");
            await().atMost(Duration.ofSeconds(1))
                    .pollInterval(Duration.ofMillis(1))
                    .until(() -> !flags.isOpen("gastown", subject));
            System.out.printf(
                    "an evaluator knew of a kill %d ms after the click began%n",
                    (System.nanoTime() - clicked) / 1_000_000);
        }
        page.assertNothingWentWrong();
    }

    private static void because(Page page, String reason) {
        page.fill("textarea.reason", reason);
    }

    private static JsonNode flag(Page page) {
        return page.get("/flags/gastown");
    }
}
