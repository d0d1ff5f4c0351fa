package partyline.deploy.mutation;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * A line of the protocol that is broken.
 *
 * @param name what is then the case; FAULTS.md has a row for it
 * @param file from the checkout's root
 * @param line what stands there, once
 * @param instead what stands there then
 * @param tests classes of which one must notice
 */
record Mutant(String name, Path file, String line, String instead, List<String> tests) {
  private static final String MAIN = "src/main/java/partyline/";
  private static final String LUA = "room/src/main/resources/partyline/room/redis/";
  private static final String FEED = "gateway/" + MAIN + "gateway/feed/Feed.java";
  private static final String NARRATOR = "gateway/" + MAIN + "gateway/feed/Narrator.java";
  private static final String SUBSCRIPTION = "gateway/" + MAIN + "gateway/hub/Subscription.java";
  private static final String CURSOR = "worker/" + MAIN + "worker/JobCursor.java";

  private static final String FEED_TEST = "partyline.gateway.feed.FeedTest";
  private static final String RESUME_TEST = "partyline.gateway.hub.ResumeTest";
  private static final String SIMULATOR = "partyline.gateway.hub.SimulatorTest";
  private static final String JOB_SIMULATOR = "partyline.worker.JobSimulatorTest";
  private static final String ON_REDIS = "partyline.room.redis.";

  static final List<Mutant> ALL =
      List.of(
          new Mutant(
              "a feed that comes back reads nothing of what it missed",
              FEED,
              "      readNext(to, hears);\n      return;",
              "      live();\n      return;",
              FEED_TEST,
              SIMULATOR),
          new Mutant(
              "a live stream is offered what it was told",
              SUBSCRIPTION,
              "if (!frame.id().isAfter(cursor)) {",
              "if (frame.id().equals(EventId.ZERO)) {",
              FEED_TEST,
              RESUME_TEST,
              SIMULATOR),
          new Mutant(
              "a feed tells what it is told twice",
              NARRATOR,
              "if (room == null || !event.id().isAfter(position)) {",
              "if (room == null) {",
              FEED_TEST,
              RESUME_TEST,
              SIMULATOR),
          new Mutant(
              "an epoch begins where the last id was seen",
              LUA + "epoch.lua",
              "highest + jump,",
              "highest,",
              ON_REDIS + "RedisFailoverTest",
              ON_REDIS + "RedisRoomLogTest"),
          new Mutant(
              "a primary that was replaced tells what its successor tells",
              LUA + "epoch.lua",
              "  redis.set_repl(redis.REPL_NONE)\n",
              "",
              ON_REDIS + "RedisFailoverTest"),
          new Mutant(
              "what a decision was made on may have changed",
              LUA + "append.lua",
              "if (values[i] and '=' .. values[i] or '!') ~= ARGV[12 + 3 * i] then",
              "if false then",
              ON_REDIS + "RedisRaceTest",
              ON_REDIS + "RedisRoomLogTest"),
          new Mutant(
              "a refused write is heard",
              LUA + "append.lua",
              "local id = add()\n",
              "redis.call('PUBLISH', ARGV[1], '0-1\\n' .. packed)\nlocal id = add()\n",
              ON_REDIS + "RedisRefusalTest"),
          new Mutant(
              "what was answered does not count as seen",
              "room/" + MAIN + "room/chat/Commands.java",
              "                horizon.answered(event.id());\n",
              "",
              "partyline.room.chat.HorizonTest"),
          new Mutant(
              "a job's cursor is moved by whoever had the job once",
              LUA + "lease.lua",
              "return held[1] == owner and held[2] == fence",
              "return held[1] ~= false",
              ON_REDIS + "RedisJobLedgerTest"),
          new Mutant(
              "a job's cursor is moved before the job has acted",
              CURSOR,
              "    try {\n      job.act(List.copyOf(events));",
              "    try {\n      commit(lease, events.getLast().id());\n"
                  + "      job.act(List.copyOf(events));",
              JOB_SIMULATOR),
          new Mutant(
              "what was archived of a lost branch stays",
              CURSOR,
              "    job.undo(epoch);\n",
              "",
              JOB_SIMULATOR),
          new Mutant(
              "two workers at once tell a person twice",
              "worker/" + MAIN + "worker/Inboxes.java",
              "            .under(new Append.Idempotency(notice.to(), \"of \" + whereto.name(event),"
                  + " notice.type()))\n",
              "",
              JOB_SIMULATOR),
          new Mutant(
              "somebody is told of what was lost meanwhile",
              "worker/" + MAIN + "worker/Inboxes.java",
              "List.of(person.asRead(told), person.asRead(Field.replication()))",
              "List.of(person.asRead(told))",
              JOB_SIMULATOR),
          new Mutant(
              "a job goes on from a cursor that a failover took back",
              LUA + "advance.lua",
              "if at ~= from and at ~= to then",
              "if false then",
              ON_REDIS + "RedisJobLedgerTest"),
          new Mutant(
              "an archive is written by whoever had the pen once",
              "worker/" + MAIN + "worker/Archiving.java",
              "    term = 0;\n",
              "",
              JOB_SIMULATOR));

  private Mutant(String name, String file, String line, String instead, String... tests) {
    this(name, Path.of(file), line, instead, List.of(tests));
  }

  boolean isJava() {
    return file.toString().endsWith(".java");
  }

  /** How often the line stands there. */
  int places(Path checkout) throws IOException {
    return source(checkout).split(java.util.regex.Pattern.quote(line), -1).length - 1;
  }

  String broken(Path checkout) throws IOException {
    return source(checkout).replace(line, instead);
  }

  private String source(Path checkout) throws IOException {
    return Files.readString(checkout.resolve(file));
  }

  @Override
  public String toString() {
    return name;
  }
}
