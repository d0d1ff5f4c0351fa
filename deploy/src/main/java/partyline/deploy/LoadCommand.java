package partyline.deploy;

import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import partyline.deploy.load.LoadException;
import partyline.deploy.load.LoadPlan;
import partyline.deploy.load.LoadResult;
import partyline.deploy.load.LoadRun;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Listeners and messages, as many as asked for, and whether all of them arrived. */
@Command(
    name = "load",
    description = {
      "Load a cluster with listeners and messages, and see whether anything is lost.",
      "",
      "Messages keep a schedule whatever the cluster does, and latency counts from the time one was"
          + " due. Every message carries its number, and every listener checks that it hears 1, 2,"
          + " 3… of its room. The exit code is 0 if all arrived once and in order, else 1."
    })
final class LoadCommand implements Callable<Integer> {
  private static final int NOT_CLEAN = 1;

  @Spec private @Nullable CommandSpec spec;
  @Mixin private final Voice voice = new Voice();

  @Option(
      names = "--url",
      paramLabel = "URL",
      split = ",",
      description =
          "A gateway, or what balances several; may be repeated, they are taken in turn."
              + " Default: the two that `up` starts.")
  private List<URI> urls =
      List.of(URI.create("http://localhost:8080"), URI.create("http://localhost:8081"));

  @Option(
      names = "--streams",
      paramLabel = "N",
      defaultValue = "1000",
      description = "How many listeners, one room each. Default: ${DEFAULT-VALUE}.")
  private int streams;

  @Option(
      names = "--rooms",
      paramLabel = "N",
      defaultValue = "10",
      description = "Over how many rooms they are spread. Default: ${DEFAULT-VALUE}.")
  private int rooms;

  @Option(
      names = "--rate",
      paramLabel = "N",
      defaultValue = "20",
      description = "Messages a second, over all rooms. Default: ${DEFAULT-VALUE}.")
  private double rate;

  @Option(
      names = "--seconds",
      paramLabel = "N",
      defaultValue = "10",
      description = "How long messages are published and timed. Default: ${DEFAULT-VALUE}.")
  private int seconds;

  @Option(
      names = "--warmup",
      paramLabel = "N",
      defaultValue = "3",
      description =
          "Seconds before that, published and checked, but not timed. Default: ${DEFAULT-VALUE}.")
  private int warmup;

  @Option(
      names = "--transport",
      paramLabel = "KIND",
      defaultValue = "sse",
      description = "sse, poll or mixed (half and half). Default: ${DEFAULT-VALUE}.")
  private String transport = "";

  @Option(
      names = "--connects-per-second",
      paramLabel = "N",
      defaultValue = "1000",
      description = "How fast the listeners come. Default: ${DEFAULT-VALUE}.")
  private int connectsPerSecond;

  @Option(
      names = "--payload-bytes",
      paramLabel = "N",
      defaultValue = "100",
      description = "How long the text of a message is. Default: ${DEFAULT-VALUE}.")
  private int payloadBytes;

  @Option(
      names = "--processes",
      paramLabel = "N",
      description =
          "Over how many processes the listeners are spread. Default: one for each "
              + LoadPlan.STREAMS_PER_PROCESS_USUALLY
              + "; a process holds "
              + LoadPlan.STREAMS_PER_PROCESS
              + " at most, its files are limited.")
  private @Nullable Integer processes;

  @Option(
      names = "--data",
      paramLabel = "DIR",
      description =
          "The data folder of the cluster, whose secret signs a token for each listener."
              + " Default: the checkout's .partyline.")
  private Path data = Partyline.usualData();

  @Option(
      names = "--token",
      paramLabel = "TOKEN",
      description =
          "Instead of a secret: one token for everybody. A user may hold few streams, so it goes"
              + " with --anonymous; and a service posts faster than a person may.")
  private @Nullable String token;

  @Option(names = "--anonymous", description = "Listeners show no token, as guests of a site.")
  private boolean anonymous;

  @Option(
      names = "--json",
      paramLabel = "FILE",
      description = "Where the result is written as JSON, with the whole histogram.")
  private @Nullable Path json;

  @Option(
      names = "--this-cluster-is-mine",
      description = "Needed to load anything but this machine.")
  private boolean mine;

  @Override
  public Integer call() throws InterruptedException {
    LoadPlan plan = plan();
    if (!mine && !LoadRun.isLocal(urls)) {
      throw wrong(
          "--url names another machine. A load looks like an attack to whoever runs that: if it"
              + " is you, say so with --this-cluster-is-mine.");
    }
    LoadResult result = new LoadRun(plan, voice).run();
    if (json != null) {
      write(json, result.json());
    }
    voice.accept(result.text().stripTrailing());
    return result.isClean() ? 0 : NOT_CLEAN;
  }

  private LoadPlan plan() {
    for (URI url : urls) {
      boolean http = "http".equals(url.getScheme()) || "https".equals(url.getScheme());
      if (!http || url.getHost() == null || !List.of("", "/").contains(url.getPath())) {
        throw wrong("--url is " + url + ": write http://host:port or https://host.");
      }
    }
    within("--streams", streams, 1, LoadPlan.STREAMS);
    within("--rooms", rooms, 1, LoadPlan.ROOMS);
    within("--rate", rate, 0.1, LoadPlan.RATE);
    within("--seconds", seconds, 1, LoadPlan.SECONDS);
    within("--warmup", warmup, 0, LoadPlan.SECONDS);
    within("--connects-per-second", connectsPerSecond, 1, LoadPlan.CONNECTS_PER_SECOND);
    within("--payload-bytes", payloadBytes, 1, LoadPlan.PAYLOAD_BYTES);
    within("--rate times the seconds", rate * (seconds + warmup), 1, LoadPlan.MESSAGES);
    int fewest = parts(LoadPlan.STREAMS_PER_PROCESS);
    int wanted = processes == null ? parts(LoadPlan.STREAMS_PER_PROCESS_USUALLY) : processes;
    int number = processes == null ? Math.min(wanted, LoadPlan.PROCESSES) : wanted;
    within("--processes", number, fewest, LoadPlan.PROCESSES);
    return new LoadPlan(
        urls,
        streams,
        rooms,
        rate,
        warmup,
        seconds,
        transport(),
        connectsPerSecond,
        payloadBytes,
        number,
        new LoadPlan.Identity(token == null ? data.toString() : null, token, anonymous),
        List.of());
  }

  private int parts(int each) {
    return (streams + each - 1) / each;
  }

  private LoadPlan.Transport transport() {
    return switch (transport.toLowerCase(Locale.ROOT)) {
      case "sse" -> LoadPlan.Transport.SSE;
      case "poll" -> LoadPlan.Transport.POLL;
      case "mixed" -> LoadPlan.Transport.MIXED;
      default -> throw wrong("--transport is " + transport + ": write sse, poll or mixed.");
    };
  }

  private void within(String option, double value, double min, double max) {
    if (!(value >= min && value <= max)) {
      throw wrong(
          option
              + " is "
              + number(value)
              + ": write a number from "
              + number(min)
              + " to "
              + number(max)
              + ".");
    }
  }

  private static String number(double value) {
    return value == Math.rint(value) ? Long.toString((long) value) : Double.toString(value);
  }

  private ParameterException wrong(String sentence) {
    return new ParameterException(requireNonNull(spec).commandLine(), sentence);
  }

  private static void write(Path file, String text) {
    try {
      Files.writeString(file, text + "\n");
    } catch (IOException e) {
      throw new LoadException("The result cannot be written to " + file + ": " + e, e);
    }
  }
}
