package io.flagledger.server.page;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.flagledger.embedded.junit.KafkaExtension;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.openqa.selenium.By;
import org.openqa.selenium.Keys;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.interactions.Actions;

@ExtendWith({KafkaExtension.class, ConsoleExtension.class})
class TimePageTest {
    private static final String RULER = "time-ruler [role=slider]";

    @Test
    void theKeyboardStepsFromEventToEventAndShowsEveryFlagAsItWas(Page page) {
        PastStory.tell(page);
        page.open("/time");
        page.see(".time .summary", "Now, #12");
        page.browser().findElement(By.cssSelector(RULER)).sendKeys(Keys.HOME);

        for (int cut : PastStory.CUTS) {
            await().atMost(Page.LIVE)
                    .untilAsserted(() -> assertThat(position(page)).isEqualTo(cut));
            page.seeLive(
                    ".time .summary", cut == 0 ? "Before the first event" : cut == 12 ? "Now, #12" : "#" + cut + ",");
            await().atMost(Page.LIVE)
                    .untilAsserted(() -> assertThat(shown(page)).isEqualTo(told(page.get("/flags?at=" + cut))));
            page.keys(Keys.ARROW_RIGHT);
        }
        page.assertNothingWentWrong();
    }

    @Test
    void anAddressHoldsTheMomentAndTellsWhoMadeItWhy(Page any) {
        Page page = any.of("gastown-eu");
        PastStory.tell(page);
        page.open("/time?at=9");

        page.see("then-and-now flag-row.is-killed[data-flag=gastown] .pill", "Killed · all access");
        assertThat(page.text("flag-row.is-closed[data-flag='gastown.multi-rig'] .pill"))
                .isEqualTo("Closed by gastown");
        assertThat(page.text("flag-row[data-flag=gastown] .stage")).contains("12.5 % of orgs");
        assertThat(page.text("flag-row[data-flag='gastown.molecules'] .sub"))
                .contains("needs gastown.merge-strategy = pr");
        assertThat(page.text(".this-event")).contains("omar killed gastown for all access", "refinery backlog");
        assertThat(page.browser()
                        .findElement(By.cssSelector(".this-event .restore"))
                        .getDomProperty("href"))
                .contains("/flags/gastown?revision=5");
        page.assertAccessible();
        page.picture("time-machine");

        page.keys("]");
        await().atMost(Page.LIVE)
                .until(() -> String.valueOf(page.browser().getCurrentUrl()).contains("at=10"));
        page.fill(".go-to input", "yesterday");
        page.press("Go");
        page.see(".go-to .field-problem", "'yesterday' is neither a sequence");
        assertThat(page.browser().findElement(By.cssSelector(".go-to input")).getDomProperty("value"))
                .isEqualTo("yesterday");
        assertThat(position(page)).isEqualTo(10);
        page.fill(".go-to input", "#7");
        page.press("Go");
        page.see(".time .summary", "#7,");
        page.assertNothingWentWrong("422");
    }

    @Test
    void aMarkedMomentIsComparedWithWhereOneGoesByAClick(Page page) {
        PastStory.tell(page);
        page.open("/time?at=8&flag=gastown");
        page.press("Mark #8");
        page.see("what-differs", "one and the same moment");
        page.open("/time?at=11&with=8&flag=gastown");
        page.see(".between", "from #8 to #11");

        JsonNode diff = page.get("/diff?from=8&to=11");
        await().atMost(Page.LIVE)
                .untilAsserted(() -> assertThat(
                                page.list(
                                        "return [...document.querySelectorAll('what-differs li[data-flag]')].map((li) => li.dataset.flag)"))
                        .isEqualTo(diff.get("flags").findValuesAsText("flag")));
        assertThat(page.text("what-differs li[data-field=percentage]")).contains("Percentage", "12.5 %", "50 %");
        assertThat(page.text("what-differs .revision")).isEqualTo("r4 → r7");

        page.press("As a table");
        assertThat(page.texts("flag-chart .as-table li button"))
                .isEqualTo(page.get("/flags/gastown/series").get("points").findValuesAsText("sequence").stream()
                        .map("#"::concat)
                        .toList());
        assertThat(page.count("flag-chart canvas")).isEqualTo(1);
        WebElement ruler = page.browser().findElement(By.cssSelector(RULER));
        int half = ruler.getSize().getWidth() / 2;
        new Actions(page.browser())
                .moveToElement(ruler, 9 * 2 * half / 12 - half, 0)
                .click()
                .perform();
        page.see(".time .summary", "#9,");
        page.see(".between", "from #8 to #9");
        page.see("what-differs li[data-field=killSwitch]", "killed for all access");
        page.press("Compare with now");
        page.see(".between", "from #9 to now");
        page.assertNothingWentWrong();
    }

    private static int position(Page page) {
        return Integer.parseInt(
                String.valueOf(page.browser().findElement(By.cssSelector(RULER)).getDomAttribute("aria-valuenow")));
    }

    /** Key, stage, kill and reason of each row. */
    private static List<String> shown(Page page) {
        return page.list("""
                return [...document.querySelectorAll('then-and-now flag-row')].map((row) => {
                  const step = row.querySelector('.step').cloneNode(true);
                  step.querySelector('.unseen').remove();
                  const words = (text) => text.replace(/\\s+/g, ' ').trim();
                  return [row.dataset.flag, words(step.textContent), row.classList.contains('is-killed'), words(row.querySelector('.why').textContent)].join(' | ');
                }).sort();
                """);
    }

    private static List<String> told(JsonNode state) {
        List<String> rows = new ArrayList<>();
        for (JsonNode flag : state.get("flags")) {
            String stage = switch (flag.get("stage").textValue()) {
                case "ADMIN_ONLY" -> "Admins only";
                case "ALLOWLIST" -> "Allowlist";
                default ->
                    "Percentage %s %% of orgs"
                            .formatted(flag.get("percentage").decimalValue().toPlainString());
            };
            rows.add(String.join(
                    " | ",
                    flag.get("key").textValue(),
                    stage,
                    String.valueOf(!flag.get("killSwitch").textValue().equals("RELEASED")),
                    flag.get("reason").textValue()));
        }
        return rows.stream().sorted().toList();
    }
}
