package io.flagledger.server.page;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.flagledger.core.kafka.LedgerVerifier;
import io.flagledger.core.kafka.Progress;
import io.flagledger.core.proof.Checkpoint;
import io.flagledger.core.proof.Checkpoints;
import io.flagledger.core.proof.SignedCheckpoint;
import io.flagledger.core.proof.Verification;
import io.flagledger.core.proof.VerifyingKey;
import io.flagledger.embedded.junit.KafkaExtension;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.openqa.selenium.By;

@ExtendWith({KafkaExtension.class, ConsoleExtension.class})
class AuditPageTest {
    private static final Duration LOAD = Duration.ofSeconds(10);

    @TempDir
    Path folder;

    @Test
    void whatIsFilteredIsExportedToTheLastByte(Page page) throws IOException {
        PastStory.tell(page);
        page.downloadsTo(folder);
        page.open("/audit");
        page.see(".audit-foot", "12 events in all");
        page.fill("#audit-text", "GASTOWN backlog");
        assertEvents(page, "10", "9");
        page.change("another backlog", "{'type': 'FlagArchived', 'flag': 'gastown.multi-rig'}");
        page.see(".fresh-events", "1 new event");

        page.press("NDJSON");
        assertThat(download(page.environment() + "-events.ndjson"))
                .isEqualTo(page.getText("/events?text=GASTOWN%20backlog&order=newest&before=13&format=ndjson"))
                .hasLineCount(2);
        page.see(".exports", "Export CSV");
        page.press("Export CSV");
        assertThat(download(page.environment() + "-events.csv"))
                .isEqualTo(page.getText("/events?text=GASTOWN%20backlog&order=newest&before=13&format=csv"));

        page.press("1 new event: look again");
        assertEvents(page, "13", "10", "9");
        assertThat(page.browser().getCurrentUrl()).contains("text=GASTOWN+backlog");
        page.assertNothingWentWrong();
    }

    @Test
    void eventsAreFoundByEveryFilterAndUnfoldToAllThatIsKnown(Page any) {
        Page page = any.of("gastown-asia");
        PastStory.tell(page);
        page.open("/audit?kind=KillSwitchEngaged");
        assertEvents(page, "9");
        page.fill("#audit-since", "soon");
        page.see("#audit-problem", "'soon' is neither a sequence");
        assertThat(page.browser().findElement(By.cssSelector("#audit-since")).getDomProperty("value"))
                .isEqualTo("soon");
        page.open("/audit?flag=gastown&since=8&until=9");
        assertEvents(page, "9", "8");
        page.open("/audit?actor=nobody");
        page.see(".blank", "No event matches");
        page.press("Clear");
        page.see(".audit-foot", "12 events in all");

        page.click("audit-event[data-sequence='11'] .unfold");
        page.see("audit-event[data-sequence='11'] .differences", "12.5 %");
        JsonNode event = page.get("/events?since=11&until=11").at("/events/0");
        assertThat(page.text("audit-event[data-sequence='11'] .facts"))
                .contains(
                        event.get("digest").textValue(),
                        event.get("previousDigest").textValue(),
                        event.get("changeId").textValue(),
                        "gastown, revision 7",
                        "omar (human)");
        page.assertAccessible();
        page.picture("audit");
        page.assertNothingWentWrong("422");
    }

    @Test
    void theBadgeTellsThatTheLedgerIsWholeAndACheckpointOfItVerifies(Page page) throws IOException {
        PastStory.tell(page);
        page.downloadsTo(folder);
        page.open("/audit");
        page.see(".badge.good", "Whole up to #12");
        assertThat(page.browser()
                        .findElement(By.cssSelector(".integrity .digest"))
                        .getDomAttribute("title"))
                .contains(page.get("/head").get("digest").textValue());

        page.press("Checkpoint");
        page.see(".toast", "The checkpoint of #12 was downloaded");
        page.press("The public key");
        String file = download(page.environment() + "-12.checkpoint");
        VerifyingKey key = VerifyingKey.fromPem(download(page.environment() + "-checkpoints.pub"));
        Checkpoint checkpoint = SignedCheckpoint.parse(file).verified(List.of(key));
        LedgerVerifier verifier = new LedgerVerifier(page.kafka(), page.topics(), LOAD);
        assertThat(verify(verifier, page, checkpoint)).isInstanceOf(Verification.Sound.class);

        page.change("one more", "{'type': 'KillSwitchEngaged', 'flag': 'gastown'}");
        assertThat(verify(verifier, page, checkpoint))
                .as("what came later does not matter")
                .isInstanceOf(Verification.Sound.class);
        page.assertNothingWentWrong();
    }

    private static Verification verify(LedgerVerifier verifier, Page page, Checkpoint checkpoint) {
        return verifier.verify(page.environment(), new Checkpoints(List.of(checkpoint), false), Progress.NONE)
                .orElseThrow()
                .verification();
    }

    @Test
    void aLongAuditIsPagedAndNothingComesTwice(Page page) {
        PastStory.tell(page);
        page.change(
                "on and off",
                Stream.generate(() -> List.of(
                                "{'type': 'KillSwitchEngaged', 'flag': 'gastown'}",
                                "{'type': 'KillSwitchReleased', 'flag': 'gastown'}"))
                        .limit(30)
                        .flatMap(List::stream)
                        .toArray(String[]::new));
        page.open("/audit");
        page.see(".audit-foot", "50 events so far");
        page.press("Show older");
        page.see(".audit-foot", "72 events in all");
        assertThat(sequences(page)).hasSize(72).doesNotHaveDuplicates();
        page.assertNothingWentWrong();
    }

    private static void assertEvents(Page page, String... sequences) {
        await().atMost(LOAD).untilAsserted(() -> assertThat(sequences(page)).containsExactly(sequences));
    }

    private static List<String> sequences(Page page) {
        return page.list("return [...document.querySelectorAll('audit-event')].map((event) => event.dataset.sequence)");
    }

    private String download(String name) throws IOException {
        Path file = folder.resolve(name);
        await().atMost(LOAD).until(() -> Files.exists(file));
        return Files.readString(file);
    }
}
