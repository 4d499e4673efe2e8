package io.flagledger.server.page;

/**
 * A story with something to go back to: 1 to 5 are the flags of {@link Story}, 6 and 7 the allowlist; then come an eighth of
 * all orgs (8), a kill for all access (9), its release (10), half of all orgs (11), and a parent that is taken away (12).
 */
final class PastStory {
    /** Where one can stand: before the first event, and behind each batch. */
    static final int[] CUTS = {0, 5, 6, 7, 8, 9, 10, 11, 12};

    private PastStory() {}

    static void tell(Page page) {
        Story.tell(page);
        page.change(
                "error budget untouched",
                "{'type': 'StageMoved', 'flag': 'gastown', 'to': 'PERCENTAGE', 'percentage': 12.5}");
        page.change("refinery backlog", "{'type': 'KillSwitchEngaged', 'flag': 'gastown', 'scope': 'ALL_ACCESS'}");
        page.change("backlog drained", "{'type': 'KillSwitchReleased', 'flag': 'gastown'}");
        page.change("a quiet week", "{'type': 'StageMoved', 'flag': 'gastown', 'to': 'PERCENTAGE', 'percentage': 50}");
        page.change(
                "molecules merge by themselves",
                "{'type': 'ParentsChanged', 'flag': 'gastown.molecules', 'parents': ['gastown']}");
    }
}
