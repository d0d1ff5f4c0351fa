package partyline.room.metrics;

import static partyline.room.metrics.Metric.Kind.COUNTER;
import static partyline.room.metrics.Metric.Kind.GAUGE;
import static partyline.room.metrics.Metric.Kind.HISTOGRAM;
import static partyline.room.metrics.Metric.Teller.BOTH;
import static partyline.room.metrics.Metric.Teller.GATEWAY;
import static partyline.room.metrics.Metric.Teller.WORKER;

import java.util.Arrays;
import java.util.List;

/**
 * Every metric there is, as {@code /metrics} names it. The one file to look into; a test holds it
 * against what gateway and worker really tell, both ways.
 *
 * <p>The unit stands at the end of the name where there is one; else it is a plain number. What is
 * told since the process began ends in {@code _total}. A label with words has these and no others,
 * and each is there from the start, at zero: so a rate sees the first one too.
 */
public enum Metric {

  // --- What users feel -------------------------------------------------------------------------

  DELIVERY(
      GATEWAY,
      HISTOGRAM,
      "partyline_delivery_seconds",
      "From the moment the log took an event until it was written to those who listen live,"
          + " weighted by their number. On Redis' clock."),
  CANARY(
      GATEWAY,
      HISTOGRAM,
      "partyline_canary_seconds",
      "From posting to this node's canary room until a listener of the same node had it."),
  CANARY_FAILURES(
      GATEWAY,
      COUNTER,
      "partyline_canary_failures_total",
      "Canaries that were not posted, or not heard within 10 s.",
      Label.of("reason", "refused", "lost")),
  DELIVERIES(
      GATEWAY,
      COUNTER,
      "partyline_deliveries_total",
      "Events told to streams and polls, replayed ones included."),
  RESETS(
      GATEWAY,
      COUNTER,
      "partyline_resets_total",
      "Times that a listener was told that history is gone.",
      Label.of("reason", "trimmed", "epoch", "too_many", "forbidden", "cursor")),
  PUBLISHES(
      GATEWAY,
      COUNTER,
      "partyline_publishes_total",
      "Writes that were asked for, by what became of them. Unavailable: nobody knows, or Redis was"
          + " away.",
      Label.of(
          "outcome",
          "done",
          "repeated",
          "unchanged",
          "refused",
          "mismatch",
          "limited",
          "busy",
          "unavailable")),
  PUBLISH(
      GATEWAY,
      HISTOGRAM,
      "partyline_publish_seconds",
      "From a write's decision to begin until its outcome was known."),
  REQUESTS(
      GATEWAY,
      COUNTER,
      "partyline_requests_total",
      "Answers of the public listener, by the first digit of their status.",
      Label.of("status", "1xx", "2xx", "3xx", "4xx", "5xx")),

  // --- Streams and polls -----------------------------------------------------------------------

  STREAMS(
      GATEWAY,
      GAUGE,
      "partyline_streams_open",
      "Streams, and polls that wait for something.",
      Label.of("transport", "stream", "poll")),
  CONNECTS(
      GATEWAY,
      COUNTER,
      "partyline_connects_total",
      "Streams and polls that were let in.",
      Label.of("transport", "stream", "poll")),
  RECONNECTS(
      GATEWAY,
      COUNTER,
      "partyline_reconnects_total",
      "Streams that came with a cursor: who had been here, or elsewhere, before."),
  RESUMES(
      GATEWAY,
      COUNTER,
      "partyline_resumes_total",
      "Streams and polls that came with a cursor, by where they were told from what they missed: the"
          + " memory of this node, the rooms' tails in Redis, or nowhere any more.",
      Label.of("result", "ring", "tail", "reset")),
  GOODBYES(
      GATEWAY,
      COUNTER,
      "partyline_goodbyes_total",
      "Streams and polls that the server ended or turned away.",
      Label.of(
          "reason",
          "drain",
          "max_age",
          "slow",
          "expired",
          "revoked",
          "forbidden",
          "overloaded",
          "error")),
  LAG(
      GATEWAY,
      GAUGE,
      "partyline_lag_bytes",
      "What listeners are behind by whose sockets are full, in all."),
  LAGGING(GATEWAY, GAUGE, "partyline_lagging_streams", "How many of them there are."),
  ROOMS(GATEWAY, GAUGE, "partyline_rooms_watched", "Rooms that this node hears of from Redis."),
  CONNECTIONS(
      GATEWAY, GAUGE, "partyline_connections_open", "HTTP connections of the public listener."),
  CONNECTIONS_MAX(
      GATEWAY, GAUGE, "partyline_connections_max", "What PARTYLINE_CONNECTIONS allows."),
  CONNECTIONS_REFUSED(
      GATEWAY,
      COUNTER,
      "partyline_connections_refused_total",
      "HTTP connections that were closed unheard, there being too many."),

  // --- The node --------------------------------------------------------------------------------

  READY(BOTH, GAUGE, "partyline_ready", "1 if /ready says so."),
  DRAINING(GATEWAY, GAUGE, "partyline_draining", "1 from the moment this node begins to leave."),
  DRAIN_PLANNED(
      GATEWAY,
      GAUGE,
      "partyline_drain_planned_streams",
      "Streams and polls that were open when it began to leave."),
  INFO(BOTH, GAUGE, "partyline_info", "1; its labels say who this is.", "node", "version"),
  LOOP_LAG(
      GATEWAY,
      HISTOGRAM,
      "partyline_loop_lag_seconds",
      "How late the event loops come to what is due, seen ten times a second on each."),

  // --- The feed --------------------------------------------------------------------------------

  FEED_STATE(
      GATEWAY,
      GAUGE,
      "partyline_feed_state",
      "1 for the state that the node's view of the log is in.",
      Label.of("state", "connecting", "subscribing", "reading", "live", "stopped")),
  FEED_SILENCE(
      GATEWAY,
      GAUGE,
      "partyline_feed_silence_seconds",
      "Since it last heard a beat; there is one every 2 s."),
  RESYNCS(
      GATEWAY,
      COUNTER,
      "partyline_feed_resyncs_total",
      "How often it lost the thread and started over."),
  RESYNC(
      GATEWAY,
      HISTOGRAM,
      "partyline_feed_resync_seconds",
      "From losing it until it was live again."),
  EPOCHS(
      GATEWAY,
      COUNTER,
      "partyline_epochs_total",
      "New epochs heard of: Redis was promoted, restarted, wiped, and may have lost writes."),

  // --- Redis -----------------------------------------------------------------------------------

  REDIS_COMMAND(
      BOTH,
      HISTOGRAM,
      "partyline_redis_command_seconds",
      "From a command to its answer, each attempt by itself."),
  REDIS_ERRORS(
      BOTH,
      COUNTER,
      "partyline_redis_errors_total",
      "Commands that failed, by Redis' own word, or else by ours: DISCONNECTED was never sent,"
          + " TIMEOUT and LOST may have been carried out, OTHER is all the rest.",
      Label.of(
          "word",
          "READONLY",
          "LOADING",
          "MASTERDOWN",
          "TRYAGAIN",
          "ASK",
          "MOVED",
          "CLUSTERDOWN",
          "BUSY",
          "NOSCRIPT",
          "OOM",
          "MISCONF",
          "NOREPLICAS",
          "NOAUTH",
          "NOPERM",
          "WRONGTYPE",
          "ERR",
          "DISCONNECTED",
          "TIMEOUT",
          "LOST",
          "OTHER")),
  REDIS_CONNECTED(
      BOTH, GAUGE, "partyline_redis_connected", "1 while there is a connection for commands."),
  CLOCK_OFFSET(
      GATEWAY,
      GAUGE,
      "partyline_clock_offset_seconds",
      "By how much Redis' clock is ahead of this node's."),
  REDIS_MEMORY(
      WORKER, GAUGE, "partyline_redis_memory_bytes", "What Redis uses: used_memory of INFO."),
  REDIS_MEMORY_MAX(
      WORKER,
      GAUGE,
      "partyline_redis_memory_max_bytes",
      "What Redis may use: maxmemory, or all of its machine's if that is 0."),
  REDIS_REPLICAS(
      WORKER, GAUGE, "partyline_redis_replicas", "Replicas that are connected to the primary."),
  LOG_ENTRIES(WORKER, GAUGE, "partyline_log_entries", "Entries of the log."),
  LOG_CEILING(
      WORKER,
      GAUGE,
      "partyline_log_ceiling_ratio",
      "The same as a share of its ceiling; at 1 jobs lose what they have not seen."),

  // --- Jobs ------------------------------------------------------------------------------------

  JOB_OWNED(WORKER, GAUGE, "partyline_job_owned", "1 if this worker has the job.", "task"),
  JOB_LAG(
      WORKER,
      GAUGE,
      "partyline_job_lag_seconds",
      "How old the oldest event is that the job has not acted on; 0 if there is none, or if the job"
          + " is another worker's.",
      "task"),
  JOB_EVENTS(WORKER, COUNTER, "partyline_job_events_total", "Events the job acted on.", "task"),
  JOB_FAILURES(
      WORKER, COUNTER, "partyline_job_failures_total", "Turns that failed.", "task", "reason"),
  JOB_CLAIMS(
      WORKER, COUNTER, "partyline_job_claims_total", "How often this worker got the job.", "task"),
  JOB_LOSSES(
      WORKER,
      COUNTER,
      "partyline_job_losses_total",
      "How often it was lost to another before it was handed back.",
      "task"),
  JOB_HOLES(
      WORKER,
      COUNTER,
      "partyline_job_holes_total",
      "Times that the log's ceiling took events the job had not seen.",
      "task"),
  JOB_LOST(
      WORKER,
      COUNTER,
      "partyline_job_lost_total",
      "Messages among them that nobody has any more: the archive lacks them for good.",
      "task"),
  JOB_FENCED(
      WORKER,
      COUNTER,
      "partyline_job_fenced_total",
      "Writes that were refused because the job was another worker's by then.",
      "task"),
  JOB_GIVEN_UP(
      WORKER,
      COUNTER,
      "partyline_job_given_up_total",
      "Events that were put aside, with their reason, because the job failed on them again and"
          + " again.",
      "task"),
  RETRIES(
      WORKER,
      COUNTER,
      "partyline_retries_total",
      "Deliveries to other systems that failed and are to be tried again."),
  RETRIES_PENDING(
      WORKER, GAUGE, "partyline_retries_pending", "Deliveries that wait to be tried again."),
  RETRIES_OLDEST(
      WORKER,
      GAUGE,
      "partyline_retries_oldest_seconds",
      "How long the oldest of them has waited since its event."),
  DEAD_LETTERS(
      WORKER, GAUGE, "partyline_dead_letters", "Deliveries that were given up and are kept."),
  WEBHOOKS(
      WORKER,
      COUNTER,
      "partyline_webhook_deliveries_total",
      "Attempts to deliver to a webhook, by what became of them.",
      Label.of("outcome", "accepted", "refused", "failed", "timeout", "unreachable", "skipped")),
  WEBHOOK(
      WORKER,
      HISTOGRAM,
      "partyline_webhook_seconds",
      "From an attempt to deliver to a webhook until its answer."),

  // --- The process -----------------------------------------------------------------------------

  OPEN_FILES(BOTH, GAUGE, "process_files_open_files", "Open files, sockets among them."),
  MAX_FILES(BOTH, GAUGE, "process_files_max_files", "How many it may have open."),
  START(BOTH, GAUGE, "process_start_time_seconds", "When it began, in seconds since 1970."),
  UPTIME(BOTH, GAUGE, "process_uptime_seconds", "For how long it has been running."),
  CPU_TIME(BOTH, COUNTER, "process_cpu_time_ns_total", "Processor time it has used."),
  CPU(BOTH, GAUGE, "process_cpu_usage", "Its share of all processors, lately."),
  CPUS(BOTH, GAUGE, "system_cpu_count", "Processors it may use."),
  SYSTEM_CPU(BOTH, GAUGE, "system_cpu_usage", "The share of all processors that is used."),
  LOAD(BOTH, GAUGE, "system_load_average_1m", "The machine's load."),
  MEMORY_USED(
      BOTH, GAUGE, "jvm_memory_used_bytes", "Memory of the JVM that is used.", "area", "id"),
  MEMORY_COMMITTED(
      BOTH, GAUGE, "jvm_memory_committed_bytes", "Memory the JVM has taken.", "area", "id"),
  MEMORY_MAX(BOTH, GAUGE, "jvm_memory_max_bytes", "What it may take; -1 = all.", "area", "id"),
  BUFFERS(BOTH, GAUGE, "jvm_buffer_count_buffers", "Buffers outside of the heap.", "id"),
  BUFFERS_USED(BOTH, GAUGE, "jvm_buffer_memory_used_bytes", "What they use.", "id"),
  BUFFERS_CAPACITY(
      BOTH, GAUGE, "jvm_buffer_total_capacity_bytes", "What there is room for in them.", "id"),
  DIRECT_MEMORY(
      BOTH,
      GAUGE,
      "partyline_direct_memory_bytes",
      "Direct memory that Netty holds for sockets, which the JVM does not count."),
  DIRECT_MEMORY_MAX(
      BOTH, GAUGE, "partyline_direct_memory_max_bytes", "How much of it Netty may hold."),
  GC_TIME(
      BOTH,
      COUNTER,
      "partyline_gc_seconds_total",
      "What collecting garbage took, by collector.",
      "collector"),
  GC_RUNS(BOTH, COUNTER, "partyline_gc_runs_total", "How often it was collected.", "collector");

  /** Who tells it. */
  public enum Teller {
    GATEWAY,
    WORKER,
    BOTH
  }

  public enum Kind {
    COUNTER,
    GAUGE,
    HISTOGRAM
  }

  /**
   * @param words all there are; none if that is open
   */
  public record Label(String name, List<String> words) {

    static Label of(String name, String... words) {
      return new Label(name, List.of(words));
    }
  }

  private final Teller process;
  private final Kind kind;
  private final String fullName;
  private final String meaning;

  // Copies, which cannot be changed.
  @SuppressWarnings("ImmutableEnumChecker")
  private final List<Label> labels;

  Metric(Teller process, Kind kind, String fullName, String meaning, Label label) {
    this.process = process;
    this.kind = kind;
    this.fullName = fullName;
    this.meaning = meaning;
    this.labels = List.of(label);
  }

  Metric(Teller process, Kind kind, String fullName, String meaning, String... openLabels) {
    this.process = process;
    this.kind = kind;
    this.fullName = fullName;
    this.meaning = meaning;
    this.labels = Arrays.stream(openLabels).map(Label::of).toList();
  }

  public boolean isOf(Teller one) {
    return process == BOTH || process == one;
  }

  public Kind kind() {
    return kind;
  }

  /** As it stands in queries; what a histogram has behind it is left out. */
  public String fullName() {
    return fullName;
  }

  public String meaning() {
    return meaning;
  }

  public List<Label> labels() {
    return labels;
  }
}
