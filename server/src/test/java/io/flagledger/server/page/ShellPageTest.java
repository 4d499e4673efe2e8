package io.flagledger.server.page;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.flagledger.embedded.junit.KafkaExtension;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What stands around every view: addresses, sign-in, roles, and how much is loaded. */
@ExtendWith({KafkaExtension.class, ConsoleExtension.class})
class ShellPageTest {
    private static final int MOST_BYTES = 300 * 1024;

    @Test
    void whoHasNoTokenIsToldHowToGetOneAndIsInOnceItIsPasted(Page page) {
        Story.tell(page);
        page.openSignedOut("/flags/gastown");
        page.see("sign-in", "./ledger token");
        page.assertAccessible();
        page.picture("sign-in");

        page.fill("#token", "nonsense");
        page.press("Sign in");
        page.see("#token-problem", "three parts");
        page.fill("#token", page.token());
        page.press("Sign in");

        page.see("h1", "Gastown");
        page.see(".tool.who", "omar");
        page.assertNothingWentWrong("401");
    }

    @Test
    void aTokenThatIsRefusedMeanwhileAsksToSignInAndLosesNothingTyped(Page page) {
        Story.tell(page);
        page.open("/flags/gastown");
        page.fill("#about-owner", "platform");
        page.browser().executeScript("import('/session.js').then((session) => session.signOut())");
        page.see("sign-in.over", "Sign in");
        page.fill("#token", page.token());
        page.press("Sign in");
        page.gone("sign-in");
        page.see(".connection .state", "Live");
        assertThat(page.browser().executeScript("return document.querySelector('#about-owner').value"))
                .isEqualTo("platform");
        page.see(".saving", "1 change not saved");
    }

    @Test
    void viewsHaveAddressesThatCanBeSharedAndGoneBackTo(Page page) {
        Story.tell(page);
        page.open("/flags");
        page.click("flag-row[data-flag='gastown.convoys'] a");
        page.see("h1", "gastown.convoys");
        assertThat(page.browser().getCurrentUrl()).isEqualTo(page.address("/flags/gastown.convoys"));
        page.press("Time machine");
        page.see("h1", "Time machine");
        page.browser().navigate().back();
        page.see("h1", "gastown.convoys");
        page.browser().navigate().back();
        page.see("h1", "Flags");
        page.browser().navigate().forward();
        page.see("h1", "gastown.convoys");

        page.open("/flags/nobody");
        page.see("h1", "There is no flag nobody");
        page.assertNothingWentWrong();
    }

    @Test
    void whoMayOnlyLookIsToldSoAndIsOfferedNothingThatWouldBeRefused(Page page) {
        Story.tell(page);
        Page vera = page.as("vera", "viewer@*");
        vera.open("/flags/gastown");
        vera.see(".banner", "You may look, but not change it. That takes the role editor");
        assertThat(vera.count(".kill-button, .next-step, .adding, .restore")).isZero();
        vera.assertAccessible();
        vera.open("/flags");
        vera.see("flag-row", "Gastown");
        assertThat(vera.count(".create")).isZero();

        Page kim = page.as("kim", "killer@*");
        kim.open("/flags/gastown");
        kim.see(".banner", "you may engage the kill switch");
        kim.click(".kill-button");
        kim.fill("textarea.reason", "refinery backlog");
        kim.press("Kill it");
        kim.see("kill-card", "You may not release it");
        kim.assertNothingWentWrong();
    }

    @Test
    void theFirstLoadIsSmallAndSoon(Page page) {
        Story.tell(page);
        page.open("/flags"); // signs in
        page.browser().executeCdpCommand("Network.clearBrowserCache", Map.of());
        page.bytesLoaded();
        page.open("/flags");
        await().atMost(Duration.ofSeconds(10)).until(() -> page.count("flag-row") == 5);
        Object millis = page.browser().executeScript("return Math.round(performance.now())");
        long bytes = page.bytesLoaded();
        System.out.printf(
                "the first load took %d bytes; its flags were seen within %s ms, the browser's driving included%n",
                bytes, millis);
        assertThat(bytes).isBetween(50_000L, (long) MOST_BYTES);
    }
}
