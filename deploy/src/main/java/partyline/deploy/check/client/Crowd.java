package partyline.deploy.check.client;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Predicate;
import partyline.deploy.check.Diary;
import partyline.deploy.check.Truth;

/** Many clients at once. */
public final class Crowd implements AutoCloseable {
  private static final Duration LOOK_EVERY = Duration.ofMillis(20);

  private final List<Client> clients;

  public Crowd(List<Client> clients) {
    this.clients = List.copyOf(clients);
  }

  public Crowd start() {
    clients.forEach(Client::start);
    return this;
  }

  public List<Client> clients() {
    return clients;
  }

  /** Waits until everybody knows where they stand; false if somebody does not in time. */
  public boolean awaitReady(Duration patience) {
    return await(diary -> diary.position().isPresent(), patience);
  }

  /** Waits until everybody has been told of the last event of their rooms. */
  public boolean awaitAllHeard(Truth truth, Duration patience) {
    return await(
        diary ->
            truth
                .last(diary.rooms())
                .map(last ->
                    diary.position().filter(position -> !last.isAfter(position)).isPresent())
                .orElse(true),
        patience);
  }

  /** Waits until something holds for each; false if not in time. */
  public boolean await(Predicate<Diary> condition, Duration patience) {
    long start = System.nanoTime();
    while (!clients.stream().map(Client::diary).allMatch(condition)) {
      if (System.nanoTime() - start > patience.toNanos()) {
        return false;
      }
      LockSupport.parkNanos(LOOK_EVERY.toNanos());
    }
    return true;
  }

  /** Those for whom something does not hold, by name. */
  public List<String> without(Predicate<Diary> condition) {
    return clients.stream().map(Client::diary).filter(condition.negate()).map(Diary::name).toList();
  }

  /** All leave, at once. */
  @Override
  public void close() {
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      clients.forEach(client -> threads.execute(client::close));
    }
  }
}
