package io.flagledger.server.page;

import static org.assertj.core.api.Assertions.assertThat;

import io.flagledger.embedded.junit.KafkaExtension;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.openqa.selenium.Keys;

/** Nothing is clicked here. */
@ExtendWith({KafkaExtension.class, ConsoleExtension.class})
class KeyboardPageTest {
    @Test
    void aFlagIsCreatedOpenedKilledAndReleasedWithoutAMouse(Page page) {
        Story.tell(page);
        page.open("/flags");
        page.see("flag-row", "Gastown");

        page.keys("c");
        page.see("dialog h2", "Create a flag");
        assertThat(page.focused("id")).isEqualTo("new-key");
        page.keys("gastown.rigs");
        page.see("dialog .parents", "gastown");
        tabTo(page, "act-reason");
        page.keys("several rigs at once", Keys.ENTER);
        page.see("h1", "gastown.rigs");
        page.gone("dialog");

        page.keys("n");
        page.see("dialog h2", "Save gastown.rigs");
        page.keys(Keys.ESCAPE);
        page.gone("dialog");
        page.see(".saving", "1 change not saved");
        page.keys("s");
        page.see("dialog h2", "Save gastown.rigs");
        page.keys("try it among ourselves", Keys.ENTER);
        page.see("flag-history .event", "moved it to its allowlist");
        page.gone("dialog");

        page.keys("a");
        page.keys("ada@acme", Keys.ENTER);
        page.see(".entry.added", "ada");
        page.browser().executeScript("document.activeElement.blur()"); // as a Tab away would
        page.keys("s");
        page.see("dialog h2", "Save gastown.rigs");
        page.keys("ada asked", Keys.ENTER);
        page.see("flag-history .event", "let ada into it");
        page.gone("dialog");

        page.keys("k");
        page.see("dialog h2", "Kill gastown.rigs");
        page.keys("refinery backlog", Keys.ENTER);
        page.see("kill-card", "Killed · new access");
        page.gone("dialog");
        tabToClass(page, "release-button");
        page.keys(Keys.ENTER);
        page.see("dialog h2", "Release gastown.rigs");
        page.keys("backlog drained", Keys.ENTER);
        page.see("flag-history .event", "released it");
        page.gone("dialog");

        page.keys("?");
        page.see("dialog .keys", "Kill it");
        page.keys(Keys.ESCAPE);
        page.gone("dialog");
        page.keys("g");
        page.keys("f");
        page.see("h1", "Flags");
        page.assertNothingWentWrong();
    }

    private static void tabTo(Page page, String id) {
        for (int tabs = 0; tabs < 60 && !id.equals(page.focused("id")); tabs++) {
            page.keys(Keys.TAB);
        }
        assertThat(page.focused("id")).isEqualTo(id);
    }

    private static void tabToClass(Page page, String name) {
        for (int tabs = 0; tabs < 120 && !String.valueOf(page.focused("class")).contains(name); tabs++) {
            page.keys(Keys.TAB);
        }
        assertThat(page.focused("class")).contains(name);
    }
}
