package io.flagledger.server.http;

import io.flagledger.core.event.Event;
import io.flagledger.core.event.Recorded;
import io.flagledger.core.json.Csv;
import io.flagledger.core.json.LedgerJson;
import io.flagledger.projector.AuditPage;
import io.flagledger.projector.AuditQuery;
import io.javalin.http.Context;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Objects;

/** Writes all events that match, a line each, page by page: there may be more of them than there is memory. */
final class EventsExport {
    private static final int PAGE = 500;
    private static final Object[] COLUMNS = {
        "environment",
        "sequence",
        "ledgerTime",
        "flag",
        "revision",
        "actor",
        "actorKind",
        "onBehalfOf",
        "kind",
        "change",
        "reason",
        "changeId",
        "batchIndex",
        "batchSize",
        "occurredAt",
        "digest"
    };

    private final Past past;
    private final ExportFormat format;
    private final long limit;

    EventsExport(Past past, ExportFormat format, long limit) {
        this.past = past;
        this.format = format;
        this.limit = limit;
    }

    void answer(Context context, AuditQuery query) {
        AuditPage first = page(query, 0); // what goes wrong at once can still be told as a problem
        context.contentType(format.contentType() + "; charset=utf-8");
        context.header(
                "Content-Disposition",
                "attachment; filename=\"%s-events.%s\"".formatted(past.environment(), format.word()));
        Streaming.write(context, out -> write(query, first, out));
    }

    private void write(AuditQuery query, AuditPage first, OutputStream out) throws IOException {
        if (format == ExportFormat.CSV) {
            line(out, Csv.line(COLUMNS));
        }
        AuditPage page = first;
        long written = 0;
        while (true) {
            for (Recorded recorded : page.events()) {
                line(out, format == ExportFormat.CSV ? csv(recorded) : LedgerJson.print(LedgerJson.event(recorded)));
            }
            written += page.events().size();
            if (page.next() == 0 || written >= limit) {
                return;
            }
            out.flush();
            page = page(query.behind(page.next()), written);
        }
    }

    private AuditPage page(AuditQuery query, long written) {
        return past.page(query.limit((int) Math.min(PAGE, limit - written)));
    }

    private void line(OutputStream out, String text) throws IOException {
        out.write(text.getBytes(StandardCharsets.UTF_8));
        out.write('\n');
    }

    private static String csv(Recorded recorded) {
        Event event = recorded.event();
        return Csv.line(
                event.environment(),
                event.sequence(),
                LedgerJson.time(recorded.appendedAt()),
                event.flag(),
                event.revision(),
                event.actor().id(),
                event.actor().kind(),
                Objects.requireNonNullElse(event.actor().onBehalfOf(), ""),
                LedgerJson.kind(event.change()),
                LedgerJson.print(LedgerJson.change(event.change())),
                event.reason(),
                event.changeId(),
                event.batch().index(),
                event.batch().size(),
                LedgerJson.time(event.occurredAt()),
                recorded.digest());
    }
}
