package partyline.deploy.check;

import java.util.ArrayList;
import java.util.List;
import partyline.room.EventId;
import partyline.room.Partitions;
import partyline.room.RoomId;
import partyline.room.redis.RedisConfig;

/**
 * The logs of all partitions as they stand in the end. There is no order between them, so each is
 * judged by itself.
 *
 * @param all in the order of the partitions
 */
public record Truths(Partitions partitions, List<Truth> all) {

  public Truths {
    all = List.copyOf(all);
  }

  /** Where the logs end now, in the order of the partitions. */
  public static List<EventId> ends(RedisConfig redis, Partitions partitions)
      throws InterruptedException {
    var ends = new ArrayList<EventId>();
    for (var partition : partitions.all()) {
      ends.add(new LogOfRedis(redis, partition).end());
    }
    return ends;
  }

  /**
   * @param begins after which each is read
   */
  public static Truths read(RedisConfig redis, Partitions partitions, List<EventId> begins)
      throws InterruptedException {
    var all = new ArrayList<Truth>();
    for (var partition : partitions.all()) {
      all.add(new LogOfRedis(redis, partition).after(begins.get(partition.index())));
    }
    return new Truths(partitions, all);
  }

  /** That of the partition where a room is. */
  public Truth of(RoomId room) {
    return all.get(partitions.of(room).index());
  }

  /**
   * Whether somebody has been told of the last event of their rooms, which are in one partition.
   */
  public boolean hasAllBeenToldTo(Diary diary) {
    return of(diary.rooms().iterator().next())
        .last(diary.rooms())
        .map(last -> diary.position().filter(at -> !last.isAfter(at)).isPresent())
        .orElse(true);
  }

  public Verdict judge(Recorder recorder) {
    return partitions.all().stream()
        .map(partition ->
            Checker.strict()
                .check(recorder.history(all.get(partition.index())).in(partitions, partition)))
        .reduce(Verdict::and)
        .orElseThrow();
  }
}
