package partyline.room;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.lettuce.core.cluster.SlotHash;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

final class PartitionsTest {

  private static final List<Integer> COUNTS = List.of(2, 4, 8, 16);

  @Test
  void however_many_shards_there_are_none_has_two_partitions_more_than_another() {
    for (int count : COUNTS) {
      for (int shards = 1; shards <= 16; shards++) {
        int[] held = new int[shards];
        for (Partition partition : Partitions.of(count).all()) {
          // As redis-cli and the operators give slots to shards.
          held[slot(partition) * shards / SlotHash.SLOT_COUNT]++;
        }
        var spread = Arrays.stream(held).summaryStatistics();
        assertThat(spread.getMax() - spread.getMin())
            .as("%d partitions on %d shards: %s", count, shards, Arrays.toString(held))
            .isLessThanOrEqualTo(1);
      }
    }
  }

  @Test
  void each_lies_in_the_middle_of_a_sixteenth_of_the_slots() {
    assertThat(Partitions.of(16).all().stream().map(PartitionsTest::slot).sorted())
        .containsExactlyElementsOf(
            IntStream.range(0, 16).map(i -> 1024 * i + 512).boxed().toList());
  }

  @Test
  void rooms_spread_evenly_over_them() {
    for (int count : COUNTS) {
      Partitions partitions = Partitions.of(count);
      int[] held = new int[count];
      int rooms = 1_000 * count;
      for (int i = 0; i < rooms; i++) {
        held[partitions.of(new RoomId("room-" + i)).index()]++;
      }
      assertThat(Arrays.stream(held).boxed()).as("%d", count).allMatch(n -> n > 850 && n < 1_150);
    }
  }

  /** What was put somewhere must be found there by the next version too. */
  @Test
  void a_name_has_its_place_for_ever() {
    Partitions eight = Partitions.of(8);

    assertThat(
            List.of("lobby", "attic", "dm.x", "@ada").stream().map(name -> eight.of(name).index()))
        .containsExactly(6, 5, 4, 6);
  }

  @Test
  void a_person_is_where_their_inbox_is() {
    var ada = new UserId("ada");

    for (int count : COUNTS) {
      assertThat(Partitions.of(count).of(ada))
          .isEqualTo(Partitions.of(count).of(RoomId.inboxOf(ada)));
    }
  }

  @Test
  void one_is_as_it_always_was() {
    assertThat(Partitions.of(1)).isSameAs(Partitions.ONE);
    assertThat(Partitions.ONE.of("anything")).isEqualTo(new Partition(0, "t"));
  }

  @Test
  void others_than_powers_of_two_up_to_sixteen_are_none() {
    for (int count : new int[] {-1, 0, 3, 6, 12, 17, 32}) {
      assertThatIllegalArgumentException().isThrownBy(() -> Partitions.of(count));
      assertThat(Partitions.parse(Integer.toString(count))).isEmpty();
    }
    assertThat(Partitions.parse("4")).contains(Partitions.of(4));
    assertThat(List.of("", "04", "four", "4 ")).allMatch(word -> Partitions.parse(word).isEmpty());
  }

  private static int slot(Partition partition) {
    return SlotHash.getSlot("prefix:{" + partition.tag() + "}:log");
  }
}
