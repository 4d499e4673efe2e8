package io.flagledger.server.page;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.flagledger.embedded.junit.KafkaExtension;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.openqa.selenium.By;

@ExtendWith({KafkaExtension.class, ConsoleExtension.class})
class WhoPageTest {
    private static final String SUBJECT = "{'targetingKey': 'u-17', 'orgId': 'acme'}";

    @Test
    void everyFlagAnswersNowAndThenAsTheApiDoes(Page page) {
        PastStory.tell(page);
        page.open("/who");
        page.see(".blank", "Type a user, an org, or both");
        page.see(".suggested", "u-17 @ acme");
        page.fill("#who-user", "u-17");
        page.fill("#who-org", "acme");
        page.fill("#who-at", "#9");

        assertAnswers(page, 1, page.post("/evaluations", "{'context': %s}".formatted(SUBJECT)));
        assertAnswers(page, 0, page.post("/evaluations", "{'context': %s, 'at': 9}".formatted(SUBJECT)));
        assertThat(page.text("tr[data-flag=gastown] [data-cut='1'] .because"))
                .isEqualTo("On the allowlist by the entry u-17 @ acme, which admits all of acme");
        assertThat(page.text("tr[data-flag=gastown] [data-cut='0'] .because"))
                .isEqualTo("Killed for all access: only admins get in");
        assertThat(page.text("tr[data-flag='gastown.multi-rig'] [data-cut='0'] .because"))
                .isEqualTo("Its parent gastown.convoys does not let them in, as gastown is killed");
        assertThat(page.text("tr[data-flag=gastown] th")).contains("differs");
        assertThat(page.browser().getCurrentUrl()).contains("user=u-17", "org=acme", "at=9");
        page.assertAccessible();
        page.assertNothingWentWrong();
    }

    @Test
    void aDrawIsToldByItsPlaceAndAnAdminGetsIn(Page page) {
        PastStory.tell(page);
        page.open("/who?org=initech");
        JsonNode decision = page.post("/evaluations", "{'flag': 'gastown', 'context': {'orgId': 'initech'}}");
        String place = decision.get("bucket")
                .decimalValue()
                .movePointLeft(3)
                .stripTrailingZeros()
                .toPlainString();
        page.see(
                "tr[data-flag=gastown] .because",
                "Drawn: the org’s place %s %% is %s 50 %%"
                        .formatted(place, decision.get("granted").booleanValue() ? "below" : "not below"));
        page.click("#who-admin");
        page.see("tr[data-flag='gastown.multi-rig'] .because", "An admin");
        assertAnswers(page, 0, page.post("/evaluations", "{'context': {'orgId': 'initech', 'admin': true}}"));
        page.assertNothingWentWrong();
    }

    @Test
    void theTimelineOfAFlagHasTheEventsThatBeganAndEndedAccess(Page any) {
        Page page = any.of("gastown-us");
        PastStory.tell(page);
        page.open("/who?user=u-17&org=acme");
        page.click("tr[data-flag='gastown'] button");
        page.see("access-timeline", "2 times with access; it goes on.");

        JsonNode intervals =
                page.get("/flags/gastown/timeline?user=u-17&org=acme").get("intervals");
        List<String> edges = new ArrayList<>();
        for (JsonNode interval : intervals) {
            edges.add(interval.at("/from/event/sequence").asText());
            if (interval.has("until")) {
                edges.add(interval.at("/until/event/sequence").asText());
            }
        }
        assertThat(page.browser().findElements(By.cssSelector("access-timeline .edge[data-sequence]")).stream()
                        .map(edge -> String.valueOf(edge.getDomAttribute("data-sequence"))))
                .containsExactlyInAnyOrderElementsOf(edges)
                .containsExactlyInAnyOrder("7", "9", "10");
        assertThat(page.text("access-timeline .edge.ended"))
                .contains("omar killed gastown for all access", "refinery backlog", "the kill switch");
        assertThat(page.count("access-timeline rect.had")).isEqualTo(2);
        assertThat(page.browser().getCurrentUrl()).contains("flag=gastown");
        page.assertAccessible();
        page.picture("who-gets-it");
        page.assertNothingWentWrong();
    }

    @Test
    void anAnonymousSubjectAndAMomentThatIsNoneAreTold(Page page) {
        PastStory.tell(page);
        page.open("/who?nobody=yes&at=99");
        page.see("#answers-title", "somebody unknown");
        page.see(".field-problem", "there is no event 99");
        assertThat(page.browser().findElement(By.cssSelector("#who-at")).getDomProperty("value"))
                .isEqualTo("99");
        assertAnswers(page, 0, page.post("/evaluations", "{'context': {}}"));
        page.assertNothingWentWrong("404");
    }

    private static void assertAnswers(Page page, int cut, JsonNode evaluations) {
        List<String> expected = StreamSupport.stream(
                        evaluations.get("decisions").spliterator(), false)
                .map(decision -> "%s %s %s %s"
                        .formatted(
                                decision.get("flag").textValue(),
                                decision.get("granted").booleanValue() ? "Yes" : "No",
                                decision.get("variant").textValue(),
                                decision.get("reason").textValue()))
                .toList();
        await().atMost(Page.LIVE)
                .ignoreExceptions()
                .untilAsserted(() -> assertThat(answers(page, cut)).containsExactlyInAnyOrderElementsOf(expected));
    }

    private static List<String> answers(Page page, int cut) {
        return page.list("""
                return [...document.querySelectorAll('.decisions tr[data-flag]')].map((row) => {
                  const cell = row.querySelector(`[data-cut="${arguments[0]}"]`);
                  const text = (selector) => cell.querySelector(selector).textContent.trim();
                  return [row.dataset.flag, text('.answer b'), text('.variant'), cell.querySelector('.because').dataset.reason].join(' ');
                });
                """, cut);
    }
}
