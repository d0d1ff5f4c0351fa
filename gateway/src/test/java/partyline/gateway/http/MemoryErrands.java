package partyline.gateway.http;

import static java.util.concurrent.CompletableFuture.completedFuture;

import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import partyline.room.Errands;
import partyline.room.EventId;
import partyline.room.RoomId;
import partyline.room.UserId;

/** Long work that waits until the test says what became of it. */
final class MemoryErrands implements Errands {

  private final InstantSource clock;
  private final Map<String, Errand> all = new ConcurrentHashMap<>();
  private final Map<String, String> chunks = new ConcurrentHashMap<>();

  MemoryErrands(InstantSource clock) {
    this.clock = clock;
  }

  @Override
  public CompletionStage<Optional<Errand>> ask(Kind kind, UserId user, Optional<Duration> last) {
    Optional<Errand> same =
        all.values().stream()
            .filter(each -> each.kind() == kind && each.user().equals(user))
            .filter(each -> each.last().equals(last))
            .filter(each -> !each.state().isEnd())
            .findFirst();
    Errand errand =
        same.orElseGet(() ->
            new Errand(
                "%032x".formatted(all.size() + 1),
                kind,
                user,
                clock.instant(),
                last,
                State.WAITING,
                "",
                0,
                0,
                ""));
    all.put(errand.id(), errand);
    return completedFuture(Optional.of(errand));
  }

  @Override
  public CompletionStage<Optional<Errand>> find(String id) {
    return completedFuture(Optional.ofNullable(all.get(id)));
  }

  @Override
  public CompletionStage<Optional<Errand>> next() {
    return completedFuture(all.values().stream().filter(each -> !each.state().isEnd()).findFirst());
  }

  @Override
  public CompletionStage<Void> note(Errand errand) {
    all.computeIfPresent(errand.id(), (_, known) -> known.state().isEnd() ? known : errand);
    return completedFuture(null);
  }

  @Override
  public CompletionStage<Void> keep(String id, int chunk, String text, Duration time) {
    Errand known = all.get(id);
    if (known != null && !known.state().isEnd()) {
      chunks.put(id + chunk, text);
    }
    return completedFuture(null);
  }

  @Override
  public CompletionStage<Optional<String>> chunk(String id, int chunk) {
    return completedFuture(Optional.ofNullable(chunks.get(id + chunk)));
  }

  @Override
  public CompletionStage<Void> forgetEntries(RoomId room, List<EventId> entries) {
    throw new AssertionError("a worker's affair");
  }

  @Override
  public CompletionStage<Void> forgetTraces(RoomId room, UserId user) {
    throw new AssertionError("a worker's affair");
  }

  @Override
  public CompletionStage<Void> forgetPerson(UserId user) {
    throw new AssertionError("a worker's affair");
  }
}
