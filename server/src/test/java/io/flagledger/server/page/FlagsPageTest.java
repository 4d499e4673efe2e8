package io.flagledger.server.page;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.flagledger.embedded.junit.KafkaExtension;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.openqa.selenium.By;
import org.openqa.selenium.Keys;
import org.openqa.selenium.WebElement;

@ExtendWith({KafkaExtension.class, ConsoleExtension.class})
class FlagsPageTest {
    @Test
    void anEmptyEnvironmentSaysHowTheFirstFlagIsMadeAndShowsItOnceItIs(Page anyPage) {
        Page page = anyPage.ofDefaultEnvironment();
        page.open("/");
        page.see(".empty", "No flags in gastown-production yet");
        assertThat(page.text(".empty pre")).isEqualTo("./ledger flag create gastown --reason \"the first of many\"");

        page.change("the first of many", "{'type': 'FlagCreated', 'flag': 'gastown', 'title': 'Gastown'}");

        page.seeLive("flag-row[data-flag=gastown] .title", "Gastown");
        assertThat(page.count(".empty")).isZero();
        page.assertNothingWentWrong();
    }

    @Test
    void flagsStandUnderTheirParents(Page page) {
        Story.tell(page);
        page.open("/flags");
        awaitRows(page, 5);

        assertThat(rows(page).stream()
                        .map(row -> row.getDomAttribute("aria-level") + " " + row.getDomAttribute("data-flag")))
                .containsExactly(
                        "1 gastown",
                        "2 gastown.convoys",
                        "3 gastown.multi-rig",
                        "2 gastown.merge-strategy",
                        "2 gastown.molecules");
        assertThat(page.text("flag-row[data-flag='gastown.merge-strategy'] .variants"))
                .contains("pr", "else", "direct");
        assertThat(page.text("flag-row[data-flag='gastown.molecules'] .sub"))
                .contains("needs gastown.merge-strategy = pr");
        assertThat(page.text("flag-row[data-flag=gastown] .allowed")).contains("1 user", "1 org");
        assertThat(page.text("flag-row[data-flag=gastown] .changed")).contains("omar", "first design partners");
        page.see(".event .what", "omar let 1 user and 1 org into gastown");
        page.assertNothingWentWrong();
    }

    @Test
    void aStageMoveAKillAndAReleaseShowWithoutAReload(Page page) {
        Story.tell(page);
        page.open("/flags");
        awaitRows(page, 5);
        page.browser().executeScript("window.loadedOnce = true");

        page.change(
                "error budget untouched",
                "{'type': 'StageMoved', 'flag': 'gastown', 'to': 'PERCENTAGE', 'percentage': 12.5}");
        page.seeLive("flag-row[data-flag=gastown] .stage", "12.5 % of orgs");
        page.seeLive(".event .what", "omar set gastown to 12.5 %");

        page.change("refinery backlog", "{'type': 'KillSwitchEngaged', 'flag': 'gastown', 'scope': 'ALL_ACCESS'}");
        page.seeLive("flag-row.is-killed[data-flag=gastown] .pill", "Killed · all access");
        page.seeLive("flag-row.is-closed[data-flag='gastown.multi-rig'] .pill", "Closed by gastown");
        page.seeLive(".summary", "1 killed");
        page.seeLive("flag-row[data-flag=gastown] .why", "refinery backlog");
        assertThat(page.text("flag-row[data-flag=gastown] .stage")).contains("12.5 % of orgs");

        page.change("backlog drained", "{'type': 'KillSwitchReleased', 'flag': 'gastown'}");
        await().atMost(Page.LIVE).until(() -> page.count(".is-killed, .is-closed") == 0);

        assertThat(page.browser().executeScript("return window.loadedOnce")).isEqualTo(true);
        page.assertNothingWentWrong();
    }

    @Test
    void theFilterAndTheKeyboardFindAFlag(Page page) {
        Story.tell(page);
        page.open("/flags");
        awaitRows(page, 5);

        page.keys("/");
        page.keys("multi");
        awaitRows(page, 3);
        assertThat(page.text(".summary")).isEqualTo("1 of 5 flags");
        page.keys(Keys.ESCAPE);
        awaitRows(page, 5);

        page.browser().executeScript("document.querySelector('flag-row[tabindex=\"0\"]').focus()");
        assertThat(page.focused("data-flag")).isEqualTo("gastown");
        page.keys(Keys.ARROW_DOWN);
        assertThat(page.focused("data-flag")).isEqualTo("gastown.convoys");
        page.keys(Keys.ARROW_LEFT);
        awaitRows(page, 4);
        page.assertNothingWentWrong();
    }

    private static void awaitRows(Page page, int count) {
        await().atMost(Duration.ofSeconds(10)).until(() -> page.count("flag-row") == count);
    }

    private static List<WebElement> rows(Page page) {
        return page.browser().findElements(By.cssSelector("flag-row"));
    }
}
