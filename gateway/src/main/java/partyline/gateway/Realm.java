package partyline.gateway;

import io.vertx.core.Vertx;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import java.util.stream.Stream;
import partyline.gateway.feed.Confluence;
import partyline.gateway.feed.Feed;
import partyline.gateway.feed.RoomTraffic;
import partyline.gateway.http.Cursors;
import partyline.gateway.http.Routes;
import partyline.gateway.hub.Attendee;
import partyline.gateway.hub.Hub;
import partyline.gateway.hub.Hubs;
import partyline.gateway.loop.Loop;
import partyline.gateway.loop.VertxLoop;
import partyline.gateway.presence.Attendance;
import partyline.gateway.token.KeptOut;
import partyline.gateway.token.ShutoutBook;
import partyline.gateway.token.ShutoutBooks;
import partyline.room.Archive;
import partyline.room.Author;
import partyline.room.EventId;
import partyline.room.Horizon;
import partyline.room.NodeName;
import partyline.room.Partition;
import partyline.room.Partitions;
import partyline.room.RoomId;
import partyline.room.RoomLog;
import partyline.room.TicketLedger;
import partyline.room.Timeline;
import partyline.room.archive.ArchivePool;
import partyline.room.archive.ArchiveUrl;
import partyline.room.archive.PostgresArchive;
import partyline.room.metrics.Source;
import partyline.room.partitioned.PartitionedArchive;
import partyline.room.partitioned.PartitionedAudit;
import partyline.room.partitioned.PartitionedMemberships;
import partyline.room.partitioned.PartitionedPresence;
import partyline.room.partitioned.PartitionedReadMarkers;
import partyline.room.partitioned.PartitionedReports;
import partyline.room.partitioned.PartitionedRoomLists;
import partyline.room.partitioned.PartitionedRoomLog;
import partyline.room.partitioned.PartitionedShutouts;
import partyline.room.partitioned.PartitionedTicketLedger;
import partyline.room.partitioned.PartitionedWebhooks;
import partyline.room.partitioned.PartitionedWhisper;
import partyline.room.redis.RedisAudit;
import partyline.room.redis.RedisConnections;
import partyline.room.redis.RedisErrands;
import partyline.room.redis.RedisIncomingHooks;
import partyline.room.redis.RedisMemberships;
import partyline.room.redis.RedisPresence;
import partyline.room.redis.RedisPubSub;
import partyline.room.redis.RedisReadMarkers;
import partyline.room.redis.RedisReports;
import partyline.room.redis.RedisRoomLists;
import partyline.room.redis.RedisRoomLog;
import partyline.room.redis.RedisShutouts;
import partyline.room.redis.RedisTicketLedger;
import partyline.room.redis.RedisWebhooks;
import partyline.room.redis.RedisWhisper;

/**
 * What a node has of Redis and of the archive: of each partition a feed, hubs, a book of those kept
 * out, its own attendance and a canary; and over all of them what handlers ask, which need not know
 * that there are several.
 *
 * <p>With one partition each of these is the one of that partition itself, with nothing before it.
 */
final class Realm implements AutoCloseable {

  private final Partitions partitions;
  private final Confluence confluence;
  private final List<Province> provinces;
  private final List<PostgresArchive> archives;
  private final Routes.Stores stores;
  private final TicketLedger tickets;
  private final KeptOut keptOut;

  /** What it has of one partition. */
  private record Province(
      Partition partition,
      RoomLog log,
      Feed feed,
      ShutoutBook book,
      Doorman doorman,
      Attendance attendance,
      Canary canary) {}

  /** The event loops that all partitions share, each for its own kind of work. */
  private record Loops(Loop feeds, Loop attendance, Loop canaries) {}

  Realm(GatewayConfig config, RedisConnections redis, Vertx vertx, Timeline timeline) {
    this.partitions = config.partitions();
    this.confluence = new Confluence(partitions);
    // One loop for all feeds: so what one of them has told is told before what the next tells.
    var loops = new Loops(loop(vertx), loop(vertx), loop(vertx));
    this.provinces =
        partitions.each(
            partition -> province(config, partition, redis.in(partition), loops, timeline));
    this.archives = config.archive().map(this::archives).orElse(List.of());
    this.stores = partitions.isOne() ? stores(redis) : partitionedStores(redis);
    this.tickets =
        partitions.isOne()
            ? new RedisTicketLedger(redis)
            : new PartitionedTicketLedger(partitions, each(redis, RedisTicketLedger::new));
    this.keptOut =
        partitions.isOne()
            ? provinces.getFirst().book()
            : new ShutoutBooks(partitions, provinces.stream().map(Province::book).toList());
  }

  private static Loop loop(Vertx vertx) {
    return new VertxLoop(vertx, vertx.getOrCreateContext());
  }

  private Province province(
      GatewayConfig config,
      Partition partition,
      RedisConnections redis,
      Loops loops,
      Timeline timeline) {
    var log = new RedisRoomLog(redis);
    var pubSub = new RedisPubSub(redis);
    var book = new ShutoutBook();
    var doorman = new Doorman(new RedisShutouts(redis), book, InstantSource.system());
    Feed feed =
        partitions.isOne()
            ? new Feed(loops.feeds(), pubSub, log, doorman, timeline)
            : new Feed(
                loops.feeds(),
                pubSub,
                log,
                doorman,
                timeline,
                new Feed.Tributary(confluence, partition));
    var attendance =
        new Attendance(
            loops.attendance(), new RedisPresence(redis), () -> NodeName.unique(config.node()));
    var canary =
        new Canary(
            Canary.roomIn(partitions, partition),
            loops.canaries(),
            log,
            feed,
            feed,
            config.ops().canary());
    return new Province(partition, log, feed, book, doorman, attendance, canary);
  }

  private List<PostgresArchive> archives(ArchiveUrl url) {
    return partitions.isOne()
        ? List.of(new PostgresArchive(ArchivePool.forReaders(url)))
        : partitions.each(partition ->
            new PostgresArchive(ArchivePool.forReaders(url.in(partition), partitions.count())));
  }

  private Routes.Stores stores(RedisConnections redis) {
    return new Routes.Stores(
        provinces.getFirst().log(),
        Cursors.OF_ONE,
        new RedisShutouts(redis),
        new RedisPresence(redis),
        new RedisMemberships(redis),
        new RedisReadMarkers(redis),
        new RedisWhisper(redis),
        new RedisRoomLists(redis),
        new RedisReports(redis),
        new RedisWebhooks(redis),
        new RedisIncomingHooks(redis),
        new RedisAudit(redis),
        new RedisErrands(redis),
        archives.stream().map(Archive.class::cast).findFirst());
  }

  /** What is of no room and of nobody, hooks and long work, is with none of the partitions. */
  private Routes.Stores partitionedStores(RedisConnections redis) {
    Optional<Archive> archive =
        archives.isEmpty()
            ? Optional.empty()
            : Optional.of(new PartitionedArchive(partitions, archives));
    return new Routes.Stores(
        new PartitionedRoomLog(
            partitions,
            provinces.stream()
                .map(province -> new PartitionedRoomLog.Part(province.log(), province.feed()))
                .toList()),
        (room, id) -> confluence.cursor().with(partitions.of(room), id),
        new PartitionedShutouts(partitions, each(redis, RedisShutouts::new)),
        new PartitionedPresence(partitions, each(redis, RedisPresence::new)),
        new PartitionedMemberships(partitions, each(redis, RedisMemberships::new)),
        new PartitionedReadMarkers(partitions, each(redis, RedisReadMarkers::new)),
        new PartitionedWhisper(partitions, each(redis, RedisWhisper::new)),
        new PartitionedRoomLists(partitions, each(redis, RedisRoomLists::new)),
        new PartitionedReports(partitions, each(redis, RedisReports::new)),
        new PartitionedWebhooks(partitions, each(redis, RedisWebhooks::new)),
        new RedisIncomingHooks(redis),
        new PartitionedAudit(partitions, each(redis, RedisAudit::new)),
        new RedisErrands(redis),
        archive);
  }

  private <T> List<T> each(RedisConnections redis, Function<RedisConnections, T> maker) {
    return partitions.each(partition -> maker.apply(redis.in(partition)));
  }

  Partitions partitions() {
    return partitions;
  }

  Routes.Stores stores() {
    return stores;
  }

  TicketLedger tickets() {
    return tickets;
  }

  KeptOut keptOut() {
    return keptOut;
  }

  /** How far this node knows the log, for who writes; with several each log knows it by itself. */
  Horizon horizon() {
    return partitions.isOne() ? provinces.getFirst().feed() : () -> EventId.ZERO;
  }

  /** What is timed and counted of all of them. */
  Source numbers() {
    return listener -> provinces.forEach(province -> province.canary().tell(listener));
  }

  /** The rooms in which most went on since this was last asked. */
  CompletionStage<List<RoomTraffic>> busiestRooms(int most) {
    CompletionStage<Stream<RoomTraffic>> all = CompletableFuture.completedFuture(Stream.of());
    for (Province province : provinces) {
      all =
          all.thenCombine(
              province.feed().busiestRooms(most),
              (rooms, its) -> Stream.concat(rooms, its.stream()));
    }
    return all.thenApply(rooms ->
        rooms
            .sorted(Comparator.comparingLong(RoomTraffic::events).reversed())
            .limit(most)
            .toList());
  }

  List<Feed> feeds() {
    return provinces.stream().map(Province::feed).toList();
  }

  /** What an event loop hears it all by. */
  Hubs hubs(Loop loop) {
    return partitions.isOne()
        ? Hubs.of(new Hub(loop, provinces.getFirst().log(), provinces.getFirst().feed()))
        : new Hubs(
            partitions,
            provinces.stream().map(province -> hub(loop, province)).toList(),
            confluence::cursor);
  }

  private Hub hub(Loop loop, Province province) {
    return new Hub(
        loop,
        province.log(),
        province.feed(),
        event -> confluence.frame(event, province.partition()));
  }

  /** How others see somebody who listens. */
  Attendee attendee(Author author) {
    if (partitions.isOne()) {
      return provinces.getFirst().attendance().of(author);
    }
    List<Attendee> everywhere =
        provinces.stream().map(province -> province.attendance().of(author)).toList();
    return new Attendee() {
      @Override
      public void came(RoomId room) {
        everywhere.get(partitions.of(room).index()).came(room);
      }

      @Override
      public void left(RoomId room) {
        everywhere.get(partitions.of(room).index()).left(room);
      }
    };
  }

  void start(Vertx vertx) {
    for (Province province : provinces) {
      province.feed().start();
      province.doorman().start(vertx);
      province.attendance().start();
      province.canary().start();
    }
  }

  void stop() {
    for (Province province : provinces) {
      province.feed().stop();
      province.attendance().stop();
    }
  }

  /** After everything that asks it. */
  @Override
  public void close() {
    archives.forEach(PostgresArchive::close);
  }
}
