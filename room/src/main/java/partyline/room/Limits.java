package partyline.room;

import java.time.Duration;

/**
 * Every bound of Partyline, in one place, with its unit. What relates to each other on purpose is
 * asserted at the end, so that a change of one number can't silently break another.
 */
public final class Limits {

  // Names and texts
  public static final int USER_ID_CODE_POINTS = 128;
  public static final int USER_NAME_CODE_POINTS = 64;
  public static final int TEXT_CODE_POINTS = 4_000;
  public static final int TEXT_BYTES = 16 * 1024;
  public static final int MESSAGE_DATA_BYTES = 4 * 1024;
  public static final int CLIENT_MSG_ID_BYTES = 128;
  public static final int MENTIONS_PER_MESSAGE = 20;
  public static final int REACTION_KINDS = 20;
  public static final int REACTION_USERS_SHOWN = 20;
  public static final int UPDATES_PER_MESSAGE = 1_000;
  public static final int CURSOR_BYTES = 512;
  public static final int HTML_BYTES = 32 * 1024;
  public static final int MARKDOWN_BLOCK_NESTING = 8;
  public static final int MARKDOWN_INLINE_NESTING = 16;
  public static final int FILTER_WORDS = 200;
  public static final int FILTER_WORD_CODE_POINTS = 64;
  public static final int FILTER_BYTES = 4 * 1024;

  // Rooms
  public static final int ROOM_TITLE_CODE_POINTS = 120;
  public static final int ROOM_TOPIC_CODE_POINTS = 500;
  public static final int SLOW_MODE_SECONDS_MAX = 6 * 60 * 60;
  public static final int PINS_PER_ROOM = 50;
  public static final int MEMBERS_PER_ROOM = 10_000;
  public static final int MEMBERS_COUNTED_EXACTLY_ABOVE = 9_000;
  public static final int ROOMS_CREATED_PER_USER = 100;
  public static final int DIRECT_USERS = 10;
  public static final int APP_EVENT_DATA_BYTES = 8 * 1024;
  public static final int EMOJI_BYTES = 64;
  public static final int REPORTS_OPEN_PER_ROOM = 500;
  public static final int REPORTS_SETTLED_PER_ROOM = 500;
  public static final int REPORTS_PER_USER_HOUR = 20;
  public static final int REPORTS_PAGE = 100;
  public static final int LIST_PAGE = 200;

  /** What one look for a page goes through, about, however little it finds. */
  public static final int LIST_SCAN_FIELDS = 2_000;

  public static final int DELETED_ROOMS_BATCH = 100;
  public static final int DELETED_ROOM_MESSAGES = 500;
  public static final Duration DELETED_ROOMS_EVERY = Duration.ofMinutes(1);

  // Commands
  public static final int WRITES_PER_SECOND = 5;
  public static final int WRITES_BURST = 20;
  public static final int SERVICE_WRITES_PER_SECOND = 1_000;
  public static final int SERVICE_WRITES_BURST = 4_000;

  /** What one person reads of rooms, on one node. */
  public static final int READS_PER_SECOND = 20;

  public static final int READS_BURST = 100;

  /** The same of all together who read anonymously from one household. */
  public static final int ANONYMOUS_READS_PER_SECOND = 500;

  public static final int ANONYMOUS_READS_BURST = 1_000;
  public static final int READ_RATE_READERS = 100_000;
  public static final int COMMAND_TRIES = 5;
  public static final Duration COMMAND_RETRY_MAX = Duration.ofMillis(20);
  public static final int REMEMBERED_BYTES = 16 * 1024 * 1024;

  // Requests
  public static final int BODY_BYTES = 32 * 1024;
  public static final int HEAD_BYTES = 8 * 1024;
  public static final Duration HEAD_COMPLETE_WITHIN = Duration.ofSeconds(10);
  public static final Duration BODY_COMPLETE_WITHIN = Duration.ofSeconds(10);
  public static final int TOKEN_BYTES = 4 * 1024;
  public static final int KNOWN_TOKENS = 10_000;
  public static final Duration TOKEN_LIFE = Duration.ofHours(24);
  public static final Duration TOKEN_LEEWAY = Duration.ofSeconds(60);
  public static final int TICKET_BYTES = 6 * 1024;
  public static final Duration TICKET_USED_WITHIN = Duration.ofSeconds(30);
  public static final int SHUTOUTS = 100_000;
  public static final Duration SHUTOUT_CHECK_EVERY = Duration.ofSeconds(2);
  public static final Duration SHUTOUT_KNOWN_WITHIN = Duration.ofSeconds(5);
  public static final Duration BAN_MAX = Duration.ofDays(3_650);
  public static final int REASON_CODE_POINTS = 500;
  public static final int SECRET_BYTES_MIN = 32;
  public static final int JWKS_BYTES = 64 * 1024;
  public static final int JWKS_KEYS = 50;
  public static final Duration JWKS_FETCH_WITHIN = Duration.ofSeconds(5);
  public static final Duration JWKS_REFRESH_EVERY = Duration.ofMinutes(10);
  public static final Duration JWKS_RETRY = Duration.ofSeconds(30);
  public static final Duration JWKS_ASKED_AT_MOST_EVERY = Duration.ofSeconds(30);
  public static final int GUESTS_PER_ADDRESS_MINUTE = 10;
  public static final int GUEST_RATE_ADDRESSES = 10_000;

  // Streams and polls
  public static final int ROOMS_NAMED_PER_STREAM = 50;

  /** How long a stream may hear nothing while Redis is asked what it may carry. */
  public static final Duration RIGHTS_AWAITED = Duration.ofSeconds(1);

  public static final int ROOMS_FOLLOWED_PER_STREAM = 200;
  public static final int STREAMS_PER_USER = 16;
  public static final int GUEST_STREAMS_PER_ADDRESS = 1_000;
  public static final int LAG_BYTES = 256 * 1024;
  public static final Duration LAG_TIME = Duration.ofSeconds(10);
  public static final int REPLAY_BACK_EVENTS = 1_000;
  public static final Duration POLL_WAIT_DEFAULT = Duration.ofSeconds(25);
  public static final Duration POLL_WAIT_MAX = Duration.ofSeconds(50);

  // Ephemeral events, and who is here
  /** What a push may hold; the people of one presence event fit in. */
  public static final int EPHEMERAL_CHARS = 32 * 1024;

  /** What a parked poll keeps of them, for when it is woken. */
  public static final int EPHEMERALS_PER_POLL = 20;

  public static final Duration NODE_LEASE = Duration.ofSeconds(15);
  public static final Duration NODE_RENEW_EVERY = Duration.ofSeconds(5);

  /** After the last of somebody's devices has left: a reconnect is no departure. */
  public static final Duration PRESENCE_GRACE = Duration.ofSeconds(10);

  /** In a room of more people only their number is told. */
  public static final int PRESENCE_NAMED = 200;

  public static final Duration PRESENCE_COUNT_EVERY = Duration.ofSeconds(1);
  public static final int PRESENCE_EVENT_PEOPLE = 20;
  public static final int PRESENCE_CHANGE_PEOPLE = 100;
  public static final Duration PRESENCE_VERSION_KEPT = Duration.ofHours(1);
  public static final int PRESENCE_SWEEP_ROOMS = 20;
  public static final int PRESENCE_SWEEP_PEOPLE = 500;
  public static final Duration PRESENCE_SWEEP_EVERY = Duration.ofSeconds(2);
  public static final Duration TYPING_EVERY = Duration.ofSeconds(2);
  public static final Duration TYPING_EXPIRES = Duration.ofSeconds(6);
  public static final int TYPING_PER_ROOM_SECOND = 10;

  // Connections
  public static final int CONNECTIONS_MAX = 1_000_000;
  public static final int FILES_KEPT_BACK = 200;
  public static final Duration CONNECTION_IDLE = Duration.ofMinutes(2);
  public static final Duration TCP_KEEPALIVE_IDLE = Duration.ofSeconds(15);
  public static final Duration TCP_KEEPALIVE_INTERVAL = Duration.ofSeconds(5);
  public static final int TCP_KEEPALIVE_PROBES = 3;
  public static final Duration TCP_USER_TIMEOUT = Duration.ofSeconds(24);
  public static final Duration HEARTBEAT_MAX = Duration.ofSeconds(20);
  public static final Duration DEAD_CLIENT_NOTICED_WITHIN = Duration.ofSeconds(45);

  // A node
  /** How long the last who were told goodbye have to be gone; most leave at once. */
  public static final Duration DRAIN_LEAVE = Duration.ofSeconds(3);

  /** So many streams more than the average are none too many, nor are a tenth more. */
  public static final int REBALANCE_LEAST = 20;

  /**
   * How long one has too many before it gives away: balancers have to notice that a gateway came or
   * went, and who comes now may be about to go elsewhere too.
   */
  public static final Duration REBALANCE_AFTER = Duration.ofSeconds(10);

  /**
   * Who has too many streams gives them away as if all had to go in this time: so slowly that it
   * does not look like a storm of reconnects.
   */
  public static final Duration REBALANCE_OVER = Duration.ofSeconds(150);

  /** And when three times as many as were too many did not help, not again for this long. */
  public static final Duration REBALANCE_REST = Duration.ofMinutes(30);

  public static final int RING_EVENTS = 4_096;
  public static final int RING_BYTES = 4 * 1024 * 1024;

  /** What a node holds in memory of the last events is between one and two of these old at most. */
  public static final Duration RING_GENERATION = Duration.ofMinutes(2);

  public static final int ROOMS_PER_LOOP = 100_000;
  public static final int SUBSCRIBE_BATCH_ROOMS = 512;
  public static final int LOG_PAGE_ENTRIES = 1_000;
  public static final int ROOMS_PAGE_EVENTS = 4_096;
  public static final int PAGE_BYTES = 4 * 1024 * 1024;
  public static final int APPEND_RETRIES = 5;
  public static final Duration ROOM_LINGER = Duration.ofSeconds(60);

  // The log
  public static final int HISTORY_PAGE_MESSAGES = 200;
  public static final int VIEW_FIELDS = 100;
  public static final int VIEW_MESSAGES = 100;
  public static final int RESUME_EVENTS_PER_ROOM = 1_000;

  /**
   * Redis trims by whole nodes of a stream: so many events more may be there than were asked for.
   */
  public static final int STREAM_NODE_EVENTS = 100;

  /** Nobody is reset for what trimming is late to remove. */
  public static final int REPLAY_EVENTS_PER_ROOM = RESUME_EVENTS_PER_ROOM + STREAM_NODE_EVENTS;

  public static final int HISTORY_MESSAGES_PER_ROOM = 10_000;
  public static final Duration HISTORY_RETENTION = Duration.ofDays(30);
  public static final Duration LOG_RETENTION = Duration.ofMinutes(60);
  public static final int LOG_CEILING_ENTRIES = 1_000_000;
  public static final Duration IDEMPOTENCY_WINDOW = Duration.ofMinutes(60);
  public static final int EPOCHS_KEPT = 50;
  public static final Duration EPOCH_JUMP = Duration.ofSeconds(30);

  // Operating
  public static final int TIMELINE_MOMENTS = 50;
  public static final int OPS_TOKEN_BYTES_MIN = 16;
  public static final Duration REPORT_EVERY = Duration.ofSeconds(2);

  /** Without a report for so long a node is taken for gone. */
  public static final Duration REPORT_FRESH = Duration.ofSeconds(10);

  /** After which what is left of it is removed. */
  public static final Duration REPORT_KEPT = Duration.ofMinutes(10);

  public static final int REPORT_ROOMS = 20;
  public static final Duration CANARY_LOST_AFTER = Duration.ofSeconds(10);
  public static final int OPS_VIEWERS = 20;

  // Beats
  public static final Duration BEAT_EVERY = Duration.ofSeconds(2);
  public static final Duration BEAT_AT_MOST_EVERY = Duration.ofMillis(1_900);
  public static final Duration SILENCE_MAX = Duration.ofSeconds(6);

  // Jobs
  public static final Duration JOB_LEASE = Duration.ofSeconds(4);
  public static final Duration JOB_RENEW_EVERY = Duration.ofSeconds(1);
  public static final Duration JOB_CLAIM_EVERY = Duration.ofMillis(500);
  public static final Duration JOB_TAKEOVER_WITHIN = Duration.ofSeconds(5);

  /** A worker that says nothing for so long is no candidate for jobs any more. */
  public static final Duration WORKER_LEASE = Duration.ofSeconds(3);

  /** How long who gives a job away leaves it to the other. */
  public static final Duration JOB_GIVEN_AWAY_FOR = Duration.ofSeconds(2);

  public static final Duration JOB_IDLE = Duration.ofMillis(250);

  /** After which an event that a job fails on is put aside. */
  public static final int JOB_TRIES = 5;

  public static final int DEAD_LETTERS = 10_000;
  public static final int DEAD_REASON_CHARS = 200;
  public static final Duration WORKER_STOP_WITHIN = Duration.ofSeconds(20);

  // Webhooks
  public static final int WEBHOOKS = 100;
  public static final int WEBHOOK_FILTERS = 50;
  public static final int WEBHOOK_URL_CHARS = 2_000;
  public static final int WEBHOOK_SECRET_BYTES = 32;
  public static final int WEBHOOK_SECRET_BYTES_MIN = 24;
  public static final int WEBHOOK_SECRET_BYTES_MAX = 64;
  public static final Duration WEBHOOK_SECRETS_OVERLAP = Duration.ofHours(24);

  /** Events of one turn, calls of one endpoint at once, and when a turn begins no more of them. */
  public static final int WEBHOOK_BATCH = 500;

  public static final int WEBHOOK_CALLS_AT_ONCE = 16;
  public static final Duration WEBHOOK_TURN = Duration.ofSeconds(5);
  public static final Duration WEBHOOK_CONNECT_WITHIN = Duration.ofSeconds(5);
  public static final Duration WEBHOOK_ANSWER_WITHIN = Duration.ofSeconds(10);
  public static final int WEBHOOK_ANSWER_BYTES = 64 * 1024;

  /** How long a connection is kept for the next call, and how long at all: names may move. */
  public static final Duration WEBHOOK_CONNECTION_IDLE = Duration.ofSeconds(4);

  public static final Duration WEBHOOK_CONNECTION_AGE = Duration.ofSeconds(60);

  /** After the first failure, and after each further one four times as long, up to the last. */
  public static final Duration WEBHOOK_RETRY_FIRST = Duration.ofSeconds(5);

  public static final Duration WEBHOOK_RETRY_LAST = Duration.ofHours(24);
  public static final int WEBHOOK_TRIES = 9;

  /** So many failures in a row, and an endpoint is left alone for a while, longer each time. */
  public static final int WEBHOOK_PAUSED_AFTER = 10;

  public static final Duration WEBHOOK_PAUSE_FIRST = Duration.ofSeconds(5);
  public static final Duration WEBHOOK_PAUSE_LAST = Duration.ofMinutes(5);
  public static final int WEBHOOK_DUE = 50_000;
  public static final int WEBHOOK_DELIVERIES = 1_000;
  public static final Duration WEBHOOKS_LOOKED_UP_EVERY = Duration.ofSeconds(1);
  public static final int INCOMING_HOOKS = 1_000;
  public static final int AUDIT_ENTRIES = 10_000;

  /** What of it one script writes anew, for one who is erased. */
  public static final int AUDIT_SLICE_ENTRIES = 250;

  /** What of a room's tombstones, reports and sanctions one script looks through, for the same. */
  public static final int TRACES_SLICE_FIELDS = 250;

  // Retention
  public static final Duration LOG_RETENTION_MAX = Duration.ofHours(24);
  public static final Duration HISTORY_RETENTION_MAX = Duration.ofDays(730);
  public static final Duration NOTE_EVERY = Duration.ofMinutes(1);
  public static final Duration NOTES_THINNED_AFTER = Duration.ofHours(25);
  public static final Duration NOTES_THINNED_TO = Duration.ofHours(1);
  public static final Duration NOTE_GAP_MAX = Duration.ofHours(24);
  public static final int NOTES = 25_000;
  public static final int TRIM_LOG_BATCH_ENTRIES = 10_000;
  public static final int TRIM_HISTORY_BATCH_ROOMS = 100;
  public static final int FORGET_BATCH_MESSAGES = 500;

  // Archive
  /** Connections of a gateway, and of a worker. */
  public static final int ARCHIVE_READERS = 8;

  public static final int ARCHIVE_WRITERS = 4;
  public static final int ARCHIVE_READS_AT_ONCE = 64;
  public static final Duration ARCHIVE_CONNECTED_WITHIN = Duration.ofSeconds(2);
  public static final Duration ARCHIVE_STATEMENT_WITHIN = Duration.ofSeconds(2);
  public static final Duration ARCHIVE_ANSWERED_WITHIN = Duration.ofSeconds(5);
  public static final Duration ARCHIVE_WRITE_WITHIN = Duration.ofSeconds(60);
  public static final int ARCHIVE_STEP_ROWS = 1_000;
  public static final Duration ARCHIVE_RETENTION_MAX = Duration.ofDays(36_500);
  public static final Duration ARCHIVE_RETENTION_EVERY = Duration.ofMinutes(1);
  public static final int SEARCH_PAGE = 50;
  public static final int SEARCH_CODE_POINTS = 200;

  /** Messages that a search looks at before it asks the index: a millisecond's worth. */
  public static final int SEARCH_LOOKED_AT = 500;

  public static final int SEARCH_LOOKED_AT_OF_ROOM = 200;

  /** And more, where these say that it will not take more. */
  public static final int SEARCH_LOOKED_AT_MOST = 4_000;

  /** A room's messages lie far apart: each that is looked at is a page that is read. */
  public static final int SEARCH_LOOKED_AT_MOST_OF_ROOM = 400;

  /** Messages whose words wait outside of the index, at most, once the archive has caught up. */
  public static final int SEARCH_UNSORTED = 500;

  // Long work
  public static final int ERRANDS_WAITING = 1_000;
  public static final Duration ERRANDS_EVERY = Duration.ofSeconds(1);
  public static final Duration ERRAND_KEPT = Duration.ofDays(7);

  /** How long what somebody wrote can be fetched. */
  public static final Duration EXPORT_KEPT = Duration.ofHours(24);

  /** Of lines, before they are packed. */
  public static final int EXPORT_CHUNK_BYTES = 256 * 1024;

  /** Packed, about a tenth of that. */
  public static final int EXPORT_CHUNKS = 4_000;

  private Limits() {}

  static {
    require(
        BODY_BYTES >= TEXT_BYTES + MESSAGE_DATA_BYTES,
        "a longest text and its data must fit into one body");
    require(
        HTML_BYTES >= 6 * TEXT_CODE_POINTS && HTML_BYTES >= TEXT_BYTES,
        "a text that is only escaped must fit into its HTML");
    require(
        MEMBERS_COUNTED_EXACTLY_ABOVE < MEMBERS_PER_ROOM,
        "the last members of a full room must be counted one by one");
    require(HEAD_BYTES > TOKEN_BYTES + CURSOR_BYTES, "a longest token must fit into a head");
    require(HEAD_BYTES > TICKET_BYTES + CURSOR_BYTES, "a longest ticket must fit into a head");
    require(
        SHUTOUT_CHECK_EVERY.multipliedBy(2).compareTo(SHUTOUT_KNOWN_WITHIN) < 0,
        "one check that fails must not let anybody stay");
    require(
        SILENCE_MAX.compareTo(BEAT_EVERY.multipliedBy(2)) > 0,
        "one missed beat must not make a feed reconnect");
    require(
        REBALANCE_AFTER.compareTo(REPORT_EVERY.multipliedBy(2)) > 0,
        "who gives streams away must have heard of all gateways");
    require(BEAT_AT_MOST_EVERY.compareTo(BEAT_EVERY) < 0, "a lone node's beats must all go out");
    require(
        EPOCH_JUMP.compareTo(SILENCE_MAX) > 0,
        "an epoch must start above all that an isolated primary can still give out");
    require(
        LOG_RETENTION.compareTo(IDEMPOTENCY_WINDOW) >= 0, "a duplicate must find what it repeats");
    require(RESUME_EVENTS_PER_ROOM >= REPLAY_BACK_EVENTS, "what may be asked for must be kept");
    require(
        JOB_LEASE.plus(JOB_CLAIM_EVERY).compareTo(JOB_TAKEOVER_WITHIN) < 0,
        "a dead owner's job must be taken over in time");
    require(
        JOB_RENEW_EVERY.multipliedBy(3).compareTo(JOB_LEASE) < 0,
        "two missed renewals must not cost the job");
    require(
        WORKER_LEASE.compareTo(JOB_LEASE) < 0,
        "a job of a dead worker must not be given back to it");
    require(
        JOB_CLAIM_EVERY.multipliedBy(2).compareTo(JOB_GIVEN_AWAY_FOR) < 0,
        "a job that is given away must find its new owner");
    require(
        LOG_RETENTION_MAX.compareTo(NOTES_THINNED_AFTER) < 0,
        "the log is trimmed by notes of every minute");
    require(
        NOTES_THINNED_AFTER.dividedBy(NOTE_EVERY)
                + HISTORY_RETENTION_MAX.dividedBy(NOTES_THINNED_TO)
            < NOTES,
        "a note as old as the longest retention must still be there");
    require(
        NODE_RENEW_EVERY.multipliedBy(3).compareTo(NODE_LEASE) <= 0,
        "a missed renewal must not cost a node its people");
    require(
        PRESENCE_GRACE.compareTo(NODE_LEASE) < 0,
        "who goes on at another node when theirs dies must not seem to have left");
    // A person: id and name, at most 6 characters of JSON for each of theirs, and 40 around them.
    require(
        PRESENCE_EVENT_PEOPLE * (6 * (USER_ID_CODE_POINTS + USER_NAME_CODE_POINTS) + 40)
            < EPHEMERAL_CHARS,
        "the people of one presence event must fit into a push");
    require(
        TYPING_EVERY.multipliedBy(2).compareTo(TYPING_EXPIRES) < 0,
        "who goes on typing must not seem to have stopped");
    require(
        REPORTS_PAGE <= VIEW_MESSAGES, "the messages of a page of reports must be seen at once");
    require(WEBHOOK_BATCH <= LOG_PAGE_ENTRIES, "a batch must be read at once");
    require(
        WEBHOOK_TURN.plus(WEBHOOK_ANSWER_WITHIN).compareTo(WORKER_STOP_WITHIN) < 0,
        "a stop must find the end of a turn");
    require(
        WEBHOOK_RETRY_FIRST.toSeconds() << 2 * (WEBHOOK_TRIES - 2)
            <= WEBHOOK_RETRY_LAST.toSeconds(),
        "each retry must be later than the one before");
    require(
        ARCHIVE_CONNECTED_WITHIN.plus(ARCHIVE_STATEMENT_WITHIN).compareTo(ARCHIVE_ANSWERED_WITHIN)
            < 0,
        "who asks the archive must be answered by it, not by its deadline");
    require(POLL_WAIT_DEFAULT.compareTo(POLL_WAIT_MAX) <= 0, "the default wait must be allowed");
    require(
        HEARTBEAT_MAX.plus(TCP_USER_TIMEOUT).compareTo(DEAD_CLIENT_NOTICED_WITHIN) < 0,
        "a heartbeat that nobody acknowledges must end its connection in time");
    require(
        CONNECTION_IDLE.compareTo(POLL_WAIT_MAX.multipliedBy(2)) > 0,
        "a parked poll must not look like an idle connection");
    require(
        POLL_WAIT_MAX.compareTo(Duration.ofSeconds(60)) < 0,
        "proxies cut an answer that takes 60 s");
  }

  private static void require(boolean holds, String reason) {
    if (!holds) {
      throw new ExceptionInInitializerError("Limits: " + reason);
    }
  }
}
