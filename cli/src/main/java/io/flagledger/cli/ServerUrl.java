package io.flagledger.cli;

import java.net.URI;

/** Reads where a server is. */
final class ServerUrl {
    private ServerUrl() {}

    static URI read(String option, String text) {
        try {
            URI url = URI.create(text.endsWith("/") ? text : text + "/");
            boolean web = "http".equals(url.getScheme()) || "https".equals(url.getScheme());
            if (web && url.getHost() != null) {
                return url;
            }
        } catch (IllegalArgumentException e) {
            // told below, like a URL of something else
        }
        throw Complaint.usage(
                "%s is a URL such as http://ledger-1.internal:8080, not '%s'".formatted(option, Text.oneLine(text)));
    }
}
