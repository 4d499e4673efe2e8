package io.flagledger.server.page;

import io.flagledger.embedded.junit.KafkaExtension;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** How the flags and one flag look, in light and in dark colours: read by axe, and pictured for the docs. */
@ExtendWith({KafkaExtension.class, ConsoleExtension.class})
class LooksPageTest {
    @Test
    void theFlagsAndTheirDialogsHaveNoSeriousFlaw(Page page) {
        Story.tell(page);
        Story.goOn(page);
        page.open("/flags");
        page.see(".event", "#");
        page.assertAccessible();
        page.picture("flags");
        page.fill("#filter", "killed");
        page.see(".summary", "of 7 flags");
        page.assertAccessible();

        page.fill("#filter", "zebra");
        page.see(".blank", "No flag matches");
        page.assertAccessible();

        page.press("Create a flag");
        page.fill("#new-key", "gastown.rigs");
        page.click("#new-type option[value=STRING]");
        page.press("Create it");
        page.see("dialog .lacks", "reason");
        page.assertAccessible();
        page.picture("create-flag");
    }

    @Test
    void aFlagAndItsDialogsHaveNoSeriousFlaw(Page page) {
        Story.tell(page);
        Story.goOn(page);
        page.open("/flags/gastown");
        page.see("flag-history .event", "set it to 12.5 %");
        page.browser()
                .executeScript("document.querySelector('#share').value = 40;"
                        + "document.querySelector('#share').dispatchEvent(new Event('input', {bubbles: true}))");
        page.fill("allowlist-editor textarea", "grace@initech, linus");
        page.press("Add 2");
        page.see(".saving", "2 changes not saved");
        page.assertAccessible();
        page.picture("flag");
        page.press("Review and save…");
        page.see("dialog", "40 %");
        page.press("Save");
        page.see("dialog .lacks", "A reason is needed");
        page.assertAccessible();
        page.picture("save");
        page.press("Cancel");

        page.click(".kill-button");
        page.see("dialog", "It also closes");
        page.assertAccessible();
        page.picture("kill");
        page.press("Cancel");
        page.keys("?");
        page.see("dialog", "Keyboard shortcuts");
        page.assertAccessible();
        page.press("Done");

        page.open("/flags/gastown.multi-rig");
        page.see("kill-card", "Killed");
        page.assertAccessible();
        page.picture("killed");
        page.open("/flags/gastown.merge-strategy");
        page.see("variants-editor", "30 %");
        page.assertAccessible();
        Chromium.resize(page.browser(), 390, 844);
        try {
            page.open("/flags");
            page.see("flag-row[data-flag=gastown]", "Gas Town");
            page.assertAccessible();
            page.picture("phone-flags");
            page.open("/flags/gastown");
            page.see("flag-history .event", "set it to 12.5 %");
            page.assertAccessible();
            page.picture("phone-flag");
        } finally {
            Chromium.resize(page.browser(), Chromium.WIDTH, Chromium.HEIGHT);
        }
    }
}
