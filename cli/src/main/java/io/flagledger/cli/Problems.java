package io.flagledger.cli;

import io.flagledger.core.kafka.KafkaUnavailableException;
import io.flagledger.core.kafka.StoppedException;
import io.flagledger.core.kafka.WrongTopicException;
import java.io.PrintWriter;
import java.util.List;
import org.apache.kafka.common.KafkaException;
import picocli.CommandLine;
import picocli.CommandLine.IExecutionExceptionHandler;
import picocli.CommandLine.IParameterExceptionHandler;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.UnmatchedArgumentException;

/** Turns whatever went wrong into a line or two and an exit status. */
record Problems(Session session) implements IExecutionExceptionHandler, IParameterExceptionHandler {

    @Override
    public int handleParseException(ParameterException problem, String[] arguments) {
        PrintWriter err = session.err();
        CommandLine command = problem.getCommandLine();
        err.println(session.terminal().bad(Text.oneLine(said(problem))));
        if (problem instanceof UnmatchedArgumentException unmatched) {
            List<String> suggestions = unmatched.getSuggestions();
            if (!suggestions.isEmpty()) {
                err.println("did you mean %s?".formatted(String.join(" or ", suggestions)));
                return Exit.USAGE;
            }
        }
        err.println("`%s --help` tells how it is used"
                .formatted(command.getCommandSpec().qualifiedName()));
        return Exit.USAGE;
    }

    @Override
    public int handleExecutionException(Exception problem, CommandLine command, ParseResult parsed) {
        int status = status(problem);
        if (session.wantsStackTraces()) {
            problem.printStackTrace(session.err());
            return status;
        }
        String[] lines = message(problem).split("\n", -1);
        session.err().println(session.terminal().bad(Text.oneLine(lines[0])));
        for (int i = 1; i < lines.length; i++) {
            session.err().println(lines[i]);
        }
        return status;
    }

    private static String message(Exception problem) {
        if (problem instanceof Complaint
                || problem instanceof KafkaUnavailableException
                || problem instanceof StoppedException
                || problem instanceof WrongTopicException) {
            return String.valueOf(problem.getMessage());
        }
        if (problem instanceof KafkaException) {
            return "Kafka refuses: " + problem.getMessage();
        }
        return "something went wrong that should not have: %s (--debug shows where)".formatted(problem);
    }

    private static int status(Exception problem) {
        if (problem instanceof Complaint complaint) {
            return complaint.status();
        }
        return problem instanceof KafkaException || problem instanceof KafkaUnavailableException
                ? Exit.UNREACHABLE
                : Exit.REFUSED;
    }

    private static String said(ParameterException problem) {
        if (problem instanceof UnmatchedArgumentException unmatched && !unmatched.isUnknownOption()) {
            String first = unmatched.getUnmatched().get(0);
            return problem.getCommandLine().getSubcommands().isEmpty()
                    ? "'%s' is more than `%s` takes"
                            .formatted(
                                    first,
                                    problem.getCommandLine().getCommandSpec().qualifiedName())
                    : "there is no command '%s'".formatted(first);
        }
        return String.valueOf(problem.getMessage());
    }
}
