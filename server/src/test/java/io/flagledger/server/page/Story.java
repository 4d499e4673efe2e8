package io.flagledger.server.page;

/** Flags as Gastown has them on an ordinary day. */
final class Story {
    private Story() {}

    static void tell(Page page) {
        page.change(
                "Gastown begins",
                "{'type': 'FlagCreated', 'flag': 'gastown', 'title': 'Gastown'}",
                "{'type': 'FlagCreated', 'flag': 'gastown.convoys', 'parents': ['gastown']}",
                "{'type': 'FlagCreated', 'flag': 'gastown.merge-strategy', 'valueType': 'STRING',"
                        + " 'variants': {'direct': 'direct', 'pr': 'pr'}, 'off': 'direct', 'parents': ['gastown']}",
                "{'type': 'FlagCreated', 'flag': 'gastown.multi-rig', 'parents': ['gastown.convoys']}",
                "{'type': 'FlagCreated', 'flag': 'gastown.molecules',"
                        + " 'parents': ['gastown', {'flag': 'gastown.merge-strategy', 'variants': ['pr']}]}");
        page.change("the team tries it", "{'type': 'StageMoved', 'flag': 'gastown', 'to': 'ALLOWLIST'}");
        page.change(
                "first design partners",
                "{'type': 'AllowlistChanged', 'flag': 'gastown',"
                        + " 'added': {'users': [{'id': 'u-17', 'org': 'acme'}], 'orgs': ['globex']}}");
    }

    /** A share of all, variants with weights, a kill. */
    static void goOn(Page page) {
        page.change(
                "people should know what these are",
                "{'type': 'FlagDescribed', 'flag': 'gastown', 'title': 'Gas Town', 'owner': 'platform', 'tags': ['town'],"
                        + " 'description': 'A whole team of agents that share the work of one repository.'}",
                "{'type': 'FlagDescribed', 'flag': 'gastown.convoys', 'title': 'Convoys', 'owner': 'dispatch'}",
                "{'type': 'FlagDescribed', 'flag': 'gastown.merge-strategy', 'title': 'Merge strategy'}",
                "{'type': 'FlagDescribed', 'flag': 'gastown.multi-rig', 'title': 'Several rigs at once'}",
                "{'type': 'FlagCreated', 'flag': 'billing.usage-page', 'title': 'Usage page'}",
                "{'type': 'FlagCreated', 'flag': 'editor.theme', 'title': 'Old theme editor'}");
        page.change(
                "reviewers like pull requests better",
                "{'type': 'VariantsDefined', 'flag': 'gastown.merge-strategy', 'variants': {'direct': 'direct', 'pr': 'pr'},"
                        + " 'off': 'direct', 'on': [{'variant': 'direct', 'weight': 70}, {'variant': 'pr', 'weight': 30}]}",
                "{'type': 'StageMoved', 'flag': 'gastown.merge-strategy', 'to': 'GENERALLY_AVAILABLE', 'skip': true}",
                "{'type': 'StageMoved', 'flag': 'billing.usage-page', 'to': 'GENERALLY_AVAILABLE', 'skip': true}",
                "{'type': 'StageMoved', 'flag': 'gastown.multi-rig', 'to': 'ALLOWLIST'}",
                "{'type': 'FlagArchived', 'flag': 'editor.theme'}");
        page.change(
                "error budget untouched",
                "{'type': 'StageMoved', 'flag': 'gastown', 'to': 'PERCENTAGE', 'percentage': 12.5}");
        page.change(
                "rigs lose sight of each other behind a proxy",
                "{'type': 'KillSwitchEngaged', 'flag': 'gastown.multi-rig', 'scope': 'NEW_ACCESS'}");
    }
}
