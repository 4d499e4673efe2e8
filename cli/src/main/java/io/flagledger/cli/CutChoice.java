package io.flagledger.cli;

import io.flagledger.core.travel.Cut;
import io.flagledger.core.travel.CutText;
import io.flagledger.core.travel.MalformedCutException;
import java.time.Instant;
import java.time.ZoneId;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads a T: a sequence such as {@code #42}, a time, or a span back from now such as {@code 15m}. */
final class CutChoice implements ITypeConverter<Cut> {
    static final String FORMS = CutText.FORMS;

    @Override
    public Cut convert(String text) {
        try {
            return new CutText(Instant.now(), ZoneId.systemDefault()).read(text);
        } catch (MalformedCutException e) {
            throw new TypeConversionException(Text.oneLine(String.valueOf(e.getMessage())));
        }
    }
}
