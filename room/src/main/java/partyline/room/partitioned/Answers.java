package partyline.room.partitioned;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** What several partitions were asked at once. */
final class Answers {

  private Answers() {}

  /** All of them, in order; fails with the first that fails. */
  static <T> CompletionStage<List<T>> of(List<? extends CompletionStage<T>> asked) {
    CompletionStage<List<T>> all = CompletableFuture.completedFuture(List.of());
    for (CompletionStage<T> one : asked) {
      all = all.thenCombine(one, Answers::and);
    }
    return all;
  }

  private static <T> List<T> and(List<T> some, T more) {
    var both = new ArrayList<>(some);
    both.add(more);
    return both;
  }
}
