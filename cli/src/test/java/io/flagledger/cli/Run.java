package io.flagledger.cli;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.Map;

/**
 * What a command answered.
 *
 * @param status its exit status
 */
record Run(int status, String out, String err) {

    /** Runs the program with these variables of its environment. */
    static Run of(Map<String, String> variables, String... arguments) {
        return of(Terminal.none(), variables, arguments);
    }

    static Run of(Terminal terminal, Map<String, String> variables, String... arguments) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        int status = Program.of(terminal, variables::get, new PrintWriter(out, true), new PrintWriter(err, true))
                .execute(arguments);
        return new Run(status, out.toString(), err.toString());
    }
}
