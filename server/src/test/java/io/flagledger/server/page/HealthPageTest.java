package io.flagledger.server.page;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.flagledger.embedded.junit.KafkaExtension;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.openqa.selenium.By;

@ExtendWith({KafkaExtension.class, ConsoleExtension.class})
class HealthPageTest {
    @Test
    void instancesOwnersLagAndDigestsAreTold(Page any) {
        Page page = any.of("gastown-global");
        PastStory.tell(page);
        page.open("/health");
        page.see(".verdict", "All is well.");
        String row = "tr[data-environment='%s']".formatted(page.environment());
        JsonNode head = page.get("/head");
        assertThat(page.text(row)).contains("shown", "owner", "#12");
        assertThat(page.browser()
                        .findElement(By.cssSelector(row + " td:last-child .digest"))
                        .getDomAttribute("title"))
                .isEqualTo(head.get("stateDigest").textValue());
        assertThat(page.text("[data-fact=Ready]")).contains("ready");
        assertThat(page.text("[data-fact='Feed to this page']")).contains("live", "up to #12");
        assertThat(page.text("[data-fact=Projector]")).contains("running", "0 behind");
        assertThat(page.text(".card")).contains("projector, console, gateway");
        page.see("section:last-child", "None reports here by now");

        page.post(
                "/evaluators",
                "{'id': 'checkout-1', 'state': 'READY', 'sequence': 12, 'stateDigest': '%s', 'host': 'web-7'}"
                        .formatted(head.get("stateDigest").textValue()));
        page.post("/evaluators", "{'id': 'checkout-2', 'state': 'STALE', 'sequence': 7, 'silenceMillis': 8200}");
        page.see("tr[data-evaluator='checkout-1']", "agrees");
        assertThat(page.text("tr[data-evaluator='checkout-1']")).contains("web-7", "ready", "#12");
        assertThat(page.text("tr[data-evaluator='checkout-2']")).contains("stale", "#7", "5", "8.2 s");
        page.see(".verdict.look", "Evaluator checkout-2 is stale");
        page.assertAccessible();
        page.picture("health");
        page.assertNothingWentWrong();
    }
}
