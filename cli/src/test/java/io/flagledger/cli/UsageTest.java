package io.flagledger.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What can be said without a Kafka. */
class UsageTest {

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '"', textBlock = """
            stage k percentage --percent 140 --reason r          | a percentage must be from 0 to 100 but was 140
            stage k percentage --percent -1 --reason r           | a percentage must be from 0 to 100 but was -1
            stage k percentage --percent 12.3456 --reason r      | a percentage has steps of 0.001
            stage k percentage --percent lots --reason r         | 'lots' is no number from 0 to 100
            stage k percentage --reason r                        | --percent 12.5
            stage k allowlist --percent 5 --reason r             | --percent goes with the stage percentage
            stage k everywhere --reason r                        | admin-only, allowlist, percentage, generally-available
            stage k                                              | Missing required parameter: 'STAGE'
            stage k allowlist                                    | --reason
            kill k --scope some --reason r                       | 'some' is none of new-access, all-access
            kil k                                                | did you mean kill
            flag                                                 | create, list, show
            flag frobnicate                                      | there is no command 'frobnicate'
            flag list --frobnicate                               | Unknown option: '--frobnicate'
            flag show                                            | Missing required parameter: 'KEY'
            flag show a b                                        | 'b' is more than `ledger flag show` takes
            flag create k --variant a --reason r                 | write NAME=VALUE
            flag create k --variant a=true --off a --reason r    | at least two variants
            flag create k --variant a=1 --variant b=2 --reason r | '1' is no boolean
            flag create k --type integer --variant a=x --reason r | 'x' is no integer
            flag create k --type object --variant a=[] --reason r | '[]' is no JSON object
            flag create k --type string --reason r               | at least two variants
            flag create k --variant a=true --variant b=false --reason r | --off NAME
            flag create k --on on=many --reason r                | NAME=WEIGHT
            flag create k --type text --reason r                 | boolean, string, integer, double, object
            flag create k --parent =x --reason r                 | KEY=VARIANT
            allow k --reason r                                   | --user USER[@ORG] or --org ORG
            allow k --user @acme --reason r                      | names no user
            allow k --user a --user a@b --reason r               | user a is named twice
            flag list -e UPPER                                   | an environment can't be called 'UPPER'
            flag list --bootstrap nowhere                        | 'nowhere' is no HOST:PORT
            flag list --kafka-config /no/such/file               | /no/such/file can't be read
            flag list -o yaml                                    | 'yaml' is none of table, json
            up --http-port 99999                                 | --http-port is a number from 0 to 65535
            up --bootstrap a:1                                   | a Kafka of its own
            serve --roles projector,cook                         | projector, console, gateway, joined by commas, not 'cook'
            serve --host 0.0.0.0                                 | --issuer URL and --audience NAME
            serve --host 0.0.0.0 --issuer https://id.example     | --advertise HOST:PORT
            serve --issuer http://id.example                     | --issuer is an https:// address
            serve --audience x                                   | --audience goes with --issuer URL
            serve --issuer https://id.example --grants /no/file  | the grants in /no/file can't be read
            token --role owner                                   | 'owner' is none of the roles evaluator, viewer, killer
            token --role editor@UPPER                            | 'UPPER' is neither * nor the name of an environment
            token --valid forever                                | --valid is a span such as 30m, 8h or 90d
            serve --advertise nowhere                            | --advertise is HOST:PORT
            serve --http-port 99999                              | --http-port is a number from 0 to 65535
            serve --standbys many                                | --standbys is a number from 0 to 100
            serve --instance-id a/b                              | --instance-id is up to 100 letters
            serve --projector-url http://a                       | --projector-url is for those without it
            serve --roles gateway --projector-url ftp://a        | --projector-url is a URL such as
            verify --projector ftp://a                           | --projector is a URL such as
            """)
    void sayWhatIsWrongWithTheUsage(String command, String expected) {
        Run run = Run.of(Map.of(), command.split(" "));

        assertThat(run.err())
                .contains(expected)
                .doesNotContain("Exception:")
                .hasLineCount(run.err().contains("did you mean") || run.err().contains("tells how") ? 2 : 1);
        assertThat(run.out()).isEmpty();
        assertThat(run.status()).isEqualTo(2);
    }

    @Test
    void nobodyAtThePort() {
        Run run = Run.of(Map.of(), "flag", "list", "--bootstrap", "localhost:1");

        assertThat(run.err())
                .isEqualToIgnoringNewLines(
                        "no Kafka answers at localhost:1: start one with `./ledger up`, or name another with --bootstrap");
        assertThat(run.status()).isEqualTo(3);
    }

    @Test
    void optionsComeBeforeOrAfterTheCommandAndBeforeVariables() {
        Map<String, String> variables = Map.of("LEDGER_BOOTSTRAP", "localhost:2");

        assertThat(Run.of(variables, "flag", "list").err()).contains("localhost:2");
        assertThat(Run.of(variables, "--bootstrap", "localhost:1", "flag", "list")
                        .err())
                .contains("localhost:1");
        assertThat(Run.of(variables, "flag", "list", "--bootstrap", "localhost:1")
                        .err())
                .contains("localhost:1");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '"', textBlock = """
            LEDGER_HTTP_PORT  | many              | --http-port is a number from 0 to 65535, not 'many'
            LEDGER_ROLES      | cook              | projector, console, gateway, joined by commas, not 'cook'
            LEDGER_ISSUER     | http://id.example | --issuer is an https:// address
            LEDGER_LOG_FORMAT | xml               | 'xml' is none of text, json
            """)
    void aVariableOfServeIsHeldToWhatItsOptionIs(String variable, String value, String expected) {
        Run run = Run.of(Map.of(variable, value), "serve");

        assertThat(run.err()).contains(expected);
        assertThat(run.status()).isEqualTo(2);
    }

    @Test
    void anOptionOfServeComesBeforeItsVariable() {
        Map<String, String> variables =
                Map.of("LEDGER_HTTP_PORT", "many", "LEDGER_STANDBYS", "some", "LEDGER_BOOTSTRAP", "nowhere");

        assertThat(Run.of(variables, "--bootstrap", "localhost:1", "serve", "--http-port", "0")
                        .err())
                .contains("--standbys is a number from 0 to 100, not 'some'")
                .doesNotContain("nowhere", "many");
    }

    @Test
    void asksForTheReasonOnATerminal() {
        Terminal asked = new Terminal(false, 100, question -> "because");

        Run run = Run.of(asked, Map.of(), "kill", "k", "--bootstrap", "localhost:1");

        assertThat(run.status()).as("it went on to Kafka").isEqualTo(3);
    }

    @Test
    void version() {
        assertThat(Run.of(Map.of(), "version").out()).startsWith("ledger ").contains("Kafka clients 4.");
        assertThat(Run.of(Map.of(), "--version").out()).startsWith("ledger ");
    }

    @Test
    void completionNamesCommandsAndOptions() {
        Run run = Run.of(Map.of(), "completion");

        assertThat(run.out()).contains("_complete_ledger", "generally-available", "--expect-revision");
        assertThat(run.out()).doesNotContain("self-check");
    }

    @Test
    void helpShowsOwnOptionsBeforeCommonOnes() {
        Run run = Run.of(Map.of(), "stage", "--help");

        assertThat(run.status()).isZero();
        assertThat(run.out())
                .containsSubsequence("Usage: ledger stage", "--percent", "With every command:", "--bootstrap");
        assertThat(run.out().lines()).allSatisfy(line -> assertThat(line).hasSizeLessThanOrEqualTo(100));
    }
}
