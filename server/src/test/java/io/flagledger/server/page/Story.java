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
}
