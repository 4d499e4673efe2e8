package io.flagledger.server.http;

import io.javalin.http.Context;
import java.util.List;
import java.util.Locale;

/** How events are written. */
enum ExportFormat {
    /** A page as JSON. */
    PAGE("application/json", "json"),
    /** A line of JSON an event. */
    NDJSON("application/x-ndjson", "ndjson"),
    CSV("text/csv", "csv");

    private final String contentType;
    private final String word;

    ExportFormat(String contentType, String word) {
        this.contentType = contentType;
        this.word = word;
    }

    String contentType() {
        return contentType;
    }

    /** Ends the name of a file. */
    String word() {
        return word;
    }

    /** What the query asks for; else the first that the client says it accepts. */
    static ExportFormat of(Context context) {
        if (context.queryParam("format") != null) {
            String said = Requests.oneOf(context, "format", List.of(PAGE.word, NDJSON.word, CSV.word));
            return valueOf(said.equals(PAGE.word) ? PAGE.name() : said.toUpperCase(Locale.ROOT));
        }
        String accept = context.header("Accept");
        if (accept != null) {
            for (String type : accept.split(",", -1)) {
                for (ExportFormat format : values()) {
                    if (type.strip().startsWith(format.contentType)) {
                        return format;
                    }
                }
            }
        }
        return PAGE;
    }
}
