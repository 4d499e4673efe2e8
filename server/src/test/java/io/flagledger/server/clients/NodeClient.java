package io.flagledger.server.clients;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** One of npm's providers in a process of its own. */
final class NodeClient implements FlagClient {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final long PATIENCE_SECONDS = 60;

    private final Process process;
    private final BufferedWriter in;
    private final BlockingQueue<JsonNode> answers = new LinkedBlockingQueue<>();
    private final List<JsonNode> events = new CopyOnWriteArrayList<>();

    private NodeClient(Process process) {
        this.process = process;
        this.in = process.outputWriter();
        Thread reader = new Thread(this::read, "node-client");
        reader.setDaemon(true);
        reader.start();
    }

    /** @param provider {@code flagd} or {@code ofrep} */
    static NodeClient start(String provider, Target target) throws IOException, InterruptedException {
        ProcessBuilder builder = new ProcessBuilder("node", "driven.mjs", provider)
                .directory(NodePrograms.folder().toFile())
                .redirectError(ProcessBuilder.Redirect.INHERIT);
        builder.environment().put("LEDGER_HTTP", target.http());
        builder.environment().put("LEDGER_FLAGD", target.flagd());
        builder.environment().put("LEDGER_ENVIRONMENT", target.environment());
        builder.environment().put("LEDGER_TOKEN", target.token());
        return new NodeClient(builder.start());
    }

    @Override
    public boolean isOn(String flag, String user, @Nullable String org) {
        ObjectNode context = JSON.createObjectNode().put("targetingKey", user);
        if (org != null) {
            context.put("orgId", org);
        }
        ArrayNode questions = JSON.createArrayNode();
        questions.addObject().put("flag", flag).put("kind", "boolean").set("context", context);
        return ask(questions).path(0).path("value").booleanValue();
    }

    /** The answers to questions, in their order: see {@code driven.mjs}. */
    JsonNode ask(ArrayNode questions) {
        try {
            in.write(JSON.createObjectNode().set("ask", questions).toString());
            in.newLine();
            in.flush();
            JsonNode answer = answers.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
            assertThat(answer).as("the answer of node").isNotNull();
            return answer.get("answers");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    /** What the provider has told so far: {@code {event, flagsChanged, at}}. */
    List<JsonNode> events() {
        return events;
    }

    private void read() {
        try (BufferedReader out = process.inputReader()) {
            for (String line = out.readLine(); line != null; line = out.readLine()) {
                JsonNode message = JSON.readTree(line);
                if (message.has("answers")) {
                    answers.add(message);
                } else {
                    events.add(message);
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }
}
