package io.flagledger.cli;

import java.io.PrintWriter;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.UsageMessageSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The program {@code ledger} and all its commands. */
@Command(
        name = "ledger",
        description = "Feature flags whose source of truth is a Kafka log.",
        synopsisSubcommandLabel = "COMMAND",
        versionProvider = Versions.class,
        footer = {
            "",
            "Exit status: 0 done, 1 refused, 2 wrong usage, 3 Kafka or the server can't be reached, 4 not sound.",
            "`ledger COMMAND --help` tells more of each command."
        })
final class Program implements Runnable {
    @Spec
    private @Nullable CommandSpec spec;

    static CommandLine of(
            Terminal terminal, Function<String, @Nullable String> variables, PrintWriter out, PrintWriter err) {
        GlobalOptions options = new GlobalOptions();
        Session session = new Session(options, variables, terminal, out, err);
        CommandSpec root = CommandSpec.forAnnotatedObject(new Program())
                .addMixin("options", CommandSpec.forAnnotatedObject(options))
                .addOption(OptionSpec.builder("--version")
                        .versionHelp(true)
                        .description("print the version")
                        .build());
        CommandLine line = new CommandLine(root)
                .addSubcommand(new UpCommand(session))
                .addSubcommand(new CommandLine(new ServeCommand(session))
                        .setDefaultValueProvider(new VariableDefaults(session)))
                .addSubcommand(new TokenCommand(session))
                .addSubcommand(
                        new CommandLine(new ProjectorCommand()).addSubcommand(new ProjectorRebuildCommand(session)))
                .addSubcommand(new CommandLine(new FlagCommand())
                        .addSubcommand(new FlagCreateCommand(session))
                        .addSubcommand(new FlagListCommand(session))
                        .addSubcommand(new FlagShowCommand(session)))
                .addSubcommand(new StageCommand(session))
                .addSubcommand(new AllowCommand(session))
                .addSubcommand(new DisallowCommand(session))
                .addSubcommand(new KillCommand(session))
                .addSubcommand(new ReleaseCommand(session))
                .addSubcommand(new DescribeCommand(session))
                .addSubcommand(new ParentsCommand(session))
                .addSubcommand(new VariantsCommand(session))
                .addSubcommand(new ArchiveCommand(session))
                .addSubcommand(new ReviveCommand(session))
                .addSubcommand(new RestoreCommand(session))
                .addSubcommand(new ApplyCommand(session))
                .addSubcommand(new ExportCommand(session))
                .addSubcommand(new ImportCommand(session))
                .addSubcommand(new EvaluateCommand(session))
                .addSubcommand(new HistoryCommand(session))
                .addSubcommand(new VerifyCommand(session))
                .addSubcommand(new CheckpointCommand(session))
                .addSubcommand(new SnapshotCommand(session))
                .addSubcommand(new TimelineCommand(session))
                .addSubcommand(new AuditCommand(session))
                .addSubcommand(new AtCommand(session))
                .addSubcommand(new DiffCommand(session))
                .addSubcommand(new WatchCommand(session))
                .addSubcommand(new AclsCommand(session))
                .addSubcommand(new VersionCommand(session))
                .addSubcommand(new CompletionCommand(session))
                .addSubcommand(new SelfCheckCommand(session));
        Problems problems = new Problems(session);
        line.setOut(out)
                .setErr(err)
                .setColorScheme(Help.defaultColorScheme(terminal.colour() ? Help.Ansi.ON : Help.Ansi.OFF))
                .setUsageHelpWidth(Math.min(120, terminal.width()))
                .setParameterExceptionHandler(problems)
                .setExecutionExceptionHandler(problems);
        everywhere(line);
        return line;
    }

    /** Says that a command is missing behind the one given. */
    static void missingCommand(@Nullable CommandSpec spec) {
        if (spec == null) {
            throw new IllegalStateException("picocli has not set the command up");
        }
        throw new ParameterException(
                spec.commandLine(),
                "a command is missing: %s"
                        .formatted(String.join(
                                ", ",
                                spec.subcommands().entrySet().stream()
                                        .filter(command -> !command.getValue()
                                                .getCommandSpec()
                                                .usageMessage()
                                                .hidden())
                                        .map(Map.Entry::getKey)
                                        .toList())));
    }

    @Override
    public void run() {
        missingCommand(spec);
    }

    private static void everywhere(CommandLine command) {
        CommandSpec spec = command.getCommandSpec();
        spec.addOption(OptionSpec.builder("-h", "--help")
                .usageHelp(true)
                .description("show this help")
                .build());
        spec.usageMessage().abbreviateSynopsis(true);
        command.getHelpSectionMap().put(UsageMessageSpec.SECTION_KEY_OPTION_LIST, Program::options);
        command.getSubcommands().values().forEach(Program::everywhere);
    }

    /** A command's own options first, then those that all commands have. */
    private static String options(Help help) {
        String own = list(help, false);
        String common = list(help, true);
        return own + (common.isEmpty() ? "" : "%nWith every command:%n".formatted() + common);
    }

    private static String list(Help help, boolean inherited) {
        return help.optionListExcludingGroups(help.commandSpec().options().stream()
                .filter(option -> option.inherited() == inherited && !option.hidden())
                .toList());
    }
}
