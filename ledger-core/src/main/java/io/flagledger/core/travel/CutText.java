package io.flagledger.core.travel;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.time.format.DateTimeParseException;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads a T: a sequence such as {@code #42}, a time, or a span back from now such as {@code 15m}. */
public final class CutText {
    /** What can be written, for those who ask for it. */
    public static final String FORMS = "a sequence (42), a time (2026-01-31, 2026-01-31T15:00, 2026-01-31T15:00:00Z)"
            + " or a span back from now (15m, 2h, 3d)";

    private static final Pattern SEQUENCE = Pattern.compile("#?(\\d+)");
    private static final Pattern SPAN = Pattern.compile("(?:\\d+[smhdw])+");
    private static final Pattern PART = Pattern.compile("(\\d+)([smhdw])");
    private static final Pattern DATE = Pattern.compile("\\d{4}-\\d{2}-\\d{2}");
    private static final Pattern ZONED = Pattern.compile(".*(?:[zZ]|[+-]\\d{2}(?::?\\d{2})?)");
    private static final Map<String, Duration> UNITS = Map.of(
            "s", Duration.ofSeconds(1),
            "m", Duration.ofMinutes(1),
            "h", Duration.ofHours(1),
            "d", Duration.ofDays(1),
            "w", Duration.ofDays(7));

    private final Instant now;
    private final ZoneId zone;

    /**
     * @param now what spans go back from
     * @param zone of times that name none
     */
    public CutText(Instant now, ZoneId zone) {
        this.now = now;
        this.zone = zone;
    }

    /**
     * Reads one.
     *
     * @throws MalformedCutException if it is none
     */
    public Cut read(String text) {
        Matcher sequence = SEQUENCE.matcher(text);
        try {
            if (text.equals("now")) {
                return Cut.now();
            }
            if (sequence.matches()) {
                return Cut.at(Long.parseLong(sequence.group(1)));
            }
            return Cut.at(SPAN.matcher(text).matches() ? back(text) : time(text));
        } catch (DateTimeException | ArithmeticException | NumberFormatException e) {
            throw new MalformedCutException(text, hint(text), e);
        }
    }

    private Instant back(String text) {
        Instant time = now;
        Matcher part = PART.matcher(text);
        while (part.find()) {
            Duration unit = UNITS.getOrDefault(part.group(2), Duration.ZERO);
            time = time.minus(unit.multipliedBy(Long.parseLong(part.group(1))));
        }
        return time;
    }

    private Instant time(String text) {
        if (DATE.matcher(text).matches()) {
            return LocalDate.parse(text).atStartOfDay(zone).toInstant();
        }
        String iso = text.replaceFirst("^(\\d{4}-\\d{2}-\\d{2}) ", "$1T");
        // Behind the date, since that has hyphens of its own.
        boolean zoned = iso.indexOf('T') > 0
                && ZONED.matcher(iso.substring(iso.indexOf('T'))).matches();
        return zoned
                ? OffsetDateTime.parse(iso).toInstant()
                : LocalDateTime.parse(iso).atZone(zone).toInstant();
    }

    /** What is wrong with a time that at least begins as one. */
    private String hint(String text) {
        if (text.length() >= 10 && DATE.matcher(text.substring(0, 10)).matches()) {
            try {
                LocalDate.parse(text.substring(0, 10));
            } catch (DateTimeParseException e) {
                return ": there is no such day";
            }
        }
        return text.startsWith("-") ? ": a span back from now has no sign" : "";
    }
}
